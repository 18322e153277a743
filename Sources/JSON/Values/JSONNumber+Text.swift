import Basics

extension JSONNumber {
    /// A number from its JSON text; nil when the text is no JSON number or when it is beyond the range of a double and has
    /// a fraction or exponent.
    public init?(_ text: String) {
        let number = text.withUTF8Bytes { bytes in
            JSONNumberScan(bytes, at: 0).flatMap { $0.end == bytes.count ? $0.number(in: bytes, from: 0) : nil }
        }
        guard let number else { return nil }
        self = number
    }

    /// The canonical text. Doubles are written the way Go's `encoding/json` does, with the shortest digits that read back:
    /// `0.1`, `1e+21`, `1e-7`.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The UTF-8 bytes of `text`.
    var bytes: [UInt8] {
        var writer = JSONWriter(capacity: 64)
        writer.append(self)
        return writer.array()
    }
}

extension JSONNumber: CustomStringConvertible {
    /// The canonical text.
    public var description: String { text }
}

extension JSONDecimal {
    /// Plain notation from 1e-6 up to but without 1e21, else scientific.
    var goText: [UInt8] {
        let zero = UInt8(ascii: "0")
        var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        switch point {
        case -5...0:
            text += "0.".utf8
            text += repeatElement(zero, count: -point)
            text += digits
        case 1...21:
            text += digits.prefix(point)
            text += repeatElement(zero, count: max(0, exponent))
            if point < digits.count {
                text.append(UInt8(ascii: "."))
                text += digits.dropFirst(point)
            }
        default:
            text += digits.prefix(1)
            if digits.count > 1 { text.append(UInt8(ascii: ".")) }
            text += digits.dropFirst()
            text += (point > 0 ? "e+" : "e-").utf8
            text += (point - 1).magnitude.description.utf8
        }
        return text
    }
}
