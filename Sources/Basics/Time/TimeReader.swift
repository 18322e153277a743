/// Takes the parts of dates and times off the front of a text: RFC 3339 §5.6, and what others make of it.
public struct TimeReader {
    private var rest: ArraySlice<UInt8>

    /// A reader at the start of `text`.
    public init(_ text: String) { rest = Array(text.utf8)[...] }

    /// Whether everything has been taken.
    public var isAtEnd: Bool { rest.isEmpty }

    /// Takes the ASCII character `character`, if it is the next one.
    public mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// A number of as many digits as there are, at most the upper bound of `digits`; nil if there are fewer than its lower one.
    public mutating func number(digits: ClosedRange<Int>) -> Int64? {
        var (number, count): (Int64, Int) = (0, 0)
        while count < digits.upperBound, let byte = rest.first, byte.isASCIIDigit {
            rest.removeFirst()
            number = number * 10 + Int64(byte - UInt8(ascii: "0"))
            count += 1
        }
        return count >= digits.lowerBound ? number : nil
    }

    /// `2006-01-02`, a day that the calendar has.
    ///
    /// - Parameter digits: how many digits month and day have.
    public mutating func date(digits: ClosedRange<Int> = 2...2) -> CivilDate? {
        guard let year = number(digits: 4...4), skip("-"), let month = number(digits: digits), skip("-"),
            let day = number(digits: digits)
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        return date.isValid ? date : nil
    }

    /// `15:04:05` in seconds; nil for leap seconds too.
    ///
    /// - Parameter digits: how many digits each number has.
    public mutating func timeOfDay(digits: ClosedRange<Int> = 2...2) -> Int64? {
        guard let time = hoursAndMinutes(digits: digits), skip(":"), let second = number(digits: digits), second < 60
        else { return nil }
        return time + second
    }

    /// The fraction of a second in nanoseconds, cut off there: zero without a mark, nil without a digit after one.
    ///
    /// - Parameter allowsComma: whether a comma is a mark, as a point is.
    public mutating func fraction(allowsComma: Bool) -> Int32? {
        guard skip(".") || allowsComma && skip(",") else { return 0 }
        guard rest.first?.isASCIIDigit == true else { return nil }
        var (nanoseconds, unit): (Int32, Int32) = (0, 100_000_000)
        while let byte = rest.first, byte.isASCIIDigit {
            rest.removeFirst()
            nanoseconds += Int32(byte - UInt8(ascii: "0")) * unit
            unit /= 10
        }
        return nanoseconds
    }

    /// `Z`, `+07:00` or `-07:00`: the distance from UTC in seconds, less than a day.
    public mutating func offset() -> Int64? {
        if skip("Z") { return 0 }
        if skip("+") { return hoursAndMinutes(digits: 2...2) }
        return skip("-") ? hoursAndMinutes(digits: 2...2).map { -$0 } : nil
    }

    private mutating func hoursAndMinutes(digits: ClosedRange<Int>) -> Int64? {
        guard let hour = number(digits: digits), hour < 24, skip(":"), let minute = number(digits: digits), minute < 60
        else { return nil }
        return hour * 3600 + minute * 60
    }
}
