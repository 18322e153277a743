/// Recognises dates and times of RFC 3339 §5.6 as Go's `time.Parse` does: no leap seconds, offsets below a day.
struct TimeScanner {
    private var rest: Substring.UTF8View

    private init(_ text: String) { rest = text.utf8[...] }

    /// `2006-01-02`
    static func isDate(_ text: String) -> Bool {
        var scanner = TimeScanner(text)
        return scanner.takeDate() && scanner.rest.isEmpty
    }

    /// `15:04:05`, with or without an offset.
    static func isTime(_ text: String) -> Bool {
        var scanner = TimeScanner(text)
        return scanner.takeTime() && (scanner.rest.isEmpty || scanner.takeOffset() && scanner.rest.isEmpty)
    }

    /// `2006-01-02T15:04:05Z`, the offset being required.
    static func isDateTime(_ text: String) -> Bool {
        var scanner = TimeScanner(text)
        return scanner.takeDate() && scanner.take("T") && scanner.takeTime() && scanner.takeOffset()
            && scanner.rest.isEmpty
    }

    private mutating func takeDate() -> Bool {
        guard let year = takeNumber(digits: 4), take("-"), let month = takeNumber(digits: 2), take("-"),
            let day = takeNumber(digits: 2), 1...12 ~= month
        else { return false }
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return 1...days[month - 1] ~= day
    }

    private mutating func takeTime() -> Bool {
        guard let hour = takeNumber(digits: 2), take(":"), let minute = takeNumber(digits: 2), take(":"),
            let second = takeNumber(digits: 2), hour < 24, minute < 60, second < 60
        else { return false }
        guard take(".") || take(",") else { return true }
        let fraction = rest.prefix(while: \.isDigit)
        rest = rest.dropFirst(fraction.count)
        return !fraction.isEmpty
    }

    private mutating func takeOffset() -> Bool {
        if take("Z") { return true }
        guard take("+") || take("-"), let hour = takeNumber(digits: 2), take(":"), let minute = takeNumber(digits: 2)
        else { return false }
        return hour < 24 && minute < 60
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: scalar) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func takeNumber(digits: Int) -> Int? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy(\.isDigit) else { return nil }
        rest = rest.dropFirst(digits)
        return text.reduce(0) { $0 * 10 + Int($1 & 15) }
    }
}
