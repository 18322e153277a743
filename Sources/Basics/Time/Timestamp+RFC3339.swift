extension Timestamp: CustomStringConvertible {
    /// Parses `2006-01-02T15:04:05Z` with an optional fraction of a second and `Z` or an offset of hours and minutes,
    /// which is converted to UTC and forgotten (RFC 3339 §5.6). Digits beyond nanoseconds are cut off. Nil for anything
    /// else, for dates that do not exist and for leap seconds.
    public init?(rfc3339 text: String) {
        var reader = Reader(rest: Array(text.utf8)[...])
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), reader.skip("T"), let time = reader.clock(), reader.skip(":"),
            let second = reader.number(2), second < 60, let fraction = reader.fraction(),
            let offset = reader.offset(), reader.rest.isEmpty
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        guard date.isValid else { return nil }
        self.init(seconds: date.daysSinceEpoch * 86_400 + time + second - offset, nanoseconds: fraction)
    }

    /// RFC 3339 in UTC, with the digits of the fraction that are needed: `2006-01-02T15:04:05.12Z`.
    public var description: String {
        let (days, second) = seconds.flooredDivision(by: 86_400)
        let date = CivilDate(daysSinceEpoch: days)
        // Years have at most 12 digits, as many as the seconds of an `Int64` come to.
        return String(unsafeUninitializedCapacity: 48) { text in
            var text = DigitText(text)
            if date.year < 0 { text.append("-") }
            text.append(date.year.magnitude, 4, then: "-")
            text.append(date.month.magnitude, 2, then: "-")
            text.append(date.day.magnitude, 2, then: "T")
            text.append((second / 3600).magnitude, 2, then: ":")
            text.append((second / 60 % 60).magnitude, 2, then: ":")
            text.append((second % 60).magnitude, 2, then: nanoseconds > 0 ? "." : "Z")
            if nanoseconds > 0 {
                text.append(UInt64(nanoseconds), 9, then: "Z")
                text.dropZeros()
            }
            return text.count
        }
    }
}

/// Numbers of fixed width, written one after the other.
private struct DigitText {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func append(_ character: Unicode.Scalar) {
        bytes[count] = UInt8(ascii: character)
        count += 1
    }

    /// Appends a number with leading zeros, and a character.
    mutating func append(_ number: UInt64, _ width: Int, then character: Unicode.Scalar) {
        var digits = width
        var power: UInt64 = (0..<width).reduce(1) { product, _ in product * 10 }
        while number >= power {
            digits += 1
            power *= 10
        }
        var rest = number
        for place in stride(from: count + digits - 1, through: count, by: -1) {
            bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        count += digits
        append(character)
    }

    /// Takes out the zeros before the last character.
    mutating func dropZeros() {
        let last = bytes[count - 1]
        while bytes[count - 2] == UInt8(ascii: "0") { count -= 1 }
        bytes[count - 1] = last
    }
}

/// Takes the parts of a timestamp off the front of a text.
private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func skip(_ character: UnicodeScalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digit() -> Int64? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        rest.removeFirst()
        return Int64(byte - UInt8(ascii: "0"))
    }

    /// A number of exactly `width` digits.
    mutating func number(_ width: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<width {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// Hours and minutes, in seconds.
    mutating func clock() -> Int64? {
        guard let hour = number(2), hour < 24, skip(":"), let minute = number(2), minute < 60 else { return nil }
        return hour * 3600 + minute * 60
    }

    /// Nanoseconds: none without a point, nil without a digit after one.
    mutating func fraction() -> Int32? {
        guard skip(".") else { return 0 }
        guard let first = digit() else { return nil }
        var unit: Int32 = 100_000_000
        var nanoseconds = Int32(first) * unit
        while let digit = digit() {
            unit /= 10
            nanoseconds += Int32(digit) * unit
        }
        return nanoseconds
    }

    /// The distance from UTC, in seconds.
    mutating func offset() -> Int64? {
        if skip("Z") { return 0 }
        if skip("+") { return clock() }
        return skip("-") ? clock().map { -$0 } : nil
    }
}
