/// The times that go-yaml 2 takes for ones: a date, or a date and a time of day. It matters only where a tag asks for a time,
/// since in JSON they all are text.
enum YAMLTimestamp {
    /// Whether `text` is a time.
    static func isOne(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        guard let year = number(&rest, digits: 4...4), take("-", &rest), let month = number(&rest, digits: 1...2),
            take("-", &rest), let day = number(&rest, digits: 1...2), isDay(day, month, year)
        else { return false }
        if rest.isEmpty { return true }
        let isSpaced = take(" ", &rest)
        guard isSpaced || take("T", &rest) || take("t", &rest), isTimeOfDay(&rest) else { return false }
        return isSpaced ? rest.isEmpty : isZone(rest)
    }

    private static func isDay(_ day: Int, _ month: Int, _ year: Int) -> Bool {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...12).contains(month) && (1...lengths[month - 1]).contains(day)
    }

    private static func isTimeOfDay(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let hour = number(&rest, digits: 1...2), hour < 24, take(":", &rest),
            let minute = number(&rest, digits: 1...2), minute < 60, take(":", &rest),
            let second = number(&rest, digits: 1...2), second < 60
        else { return false }
        guard take(".", &rest) || take(",", &rest) else { return true }
        let fraction = rest.prefix { isDigit($0) }
        rest = rest.dropFirst(fraction.count)
        return !fraction.isEmpty
    }

    private static func isZone(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        if take("Z", &rest) { return rest.isEmpty }
        guard take("+", &rest) || take("-", &rest) else { return false }
        let parts = rest.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { $0.count == 2 && $0.allSatisfy(isDigit) }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, digits: ClosedRange<Int>) -> Int? {
        let found = rest.prefix(digits.upperBound).prefix { isDigit($0) }
        guard digits.contains(found.count) else { return nil }
        rest = rest.dropFirst(found.count)
        return Int(String(decoding: found, as: UTF8.self))
    }

    private static func take(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
