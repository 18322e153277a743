extension Timestamp: CustomStringConvertible {
    /// Parses `2006-01-02T15:04:05Z` with an optional fraction of a second and `Z` or an offset of hours and minutes,
    /// which is converted to UTC and forgotten (RFC 3339 §5.6). Digits beyond nanoseconds are cut off. Nil for anything
    /// else, for dates that do not exist and for leap seconds.
    public init?(rfc3339 text: String) {
        var reader = TimeReader(text)
        guard let date = reader.date(), reader.skip("T"), let time = reader.timeOfDay(),
            let fraction = reader.fraction(allowsComma: false), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        self.init(seconds: date.daysSinceEpoch * 86_400 + time - offset, nanoseconds: fraction)
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
