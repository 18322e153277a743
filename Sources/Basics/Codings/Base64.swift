/// Base64 (RFC 4648 §4): groups of four digits, the last one filled up with `=`.
public enum Base64 {
    private static let alphabet = Base64Alphabet("+/")

    /// The text of `bytes`.
    public static func encode(_ bytes: [UInt8]) -> String { alphabet.encode(bytes, isPadded: true) }

    /// The bytes of padded base64, or nil if `text` is not that. Bits of the last digit that belong to no byte are ignored.
    public static func decode(_ text: String) -> [UInt8]? { decode(Array(text.utf8)) }

    /// The bytes of padded base64, or nil if `text` is not that. Bits of the last digit that belong to no byte are ignored.
    public static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        return alphabet.decode(text.dropLast(padding))?.bytes
    }
}

/// Base64 for URLs (RFC 4648 §5), without padding.
public enum Base64URL {
    private static let alphabet = Base64Alphabet("-_")

    /// The text of `bytes`.
    public static func encode(_ bytes: [UInt8]) -> String { alphabet.encode(bytes, isPadded: false) }

    /// The bytes of `text`; nil unless `text` is exactly what ``encode(_:)`` makes of them.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard let decoded = alphabet.decode(Array(text.utf8)[...]), decoded.rest == 0 else { return nil }
        return decoded.bytes
    }
}

/// The 64 digits of a form of base64.
private struct Base64Alphabet: Sendable {
    private let digits: [UInt8]
    /// What each byte counts as a digit; 255 if it is none.
    private let values: [UInt8]

    /// The alphabet whose last two digits are `specials`.
    init(_ specials: StaticString) {
        let letters: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        digits = [letters, specials].flatMap { UnsafeBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount) }
        var values = [UInt8](repeating: .max, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        self.values = values
    }

    func encode(_ bytes: [UInt8], isPadded: Bool) -> String {
        String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text in
            var end = 0
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let count = min(3, bytes.count - start)
                var group = 0
                for offset in 0..<3 { group = group << 8 | (offset < count ? Int(bytes[start + offset]) : 0) }
                for place in 0..<4 where place <= count || isPadded {
                    text[end] = place <= count ? digits[group >> (18 - 6 * place) & 63] : UInt8(ascii: "=")
                    end += 1
                }
            }
            return end
        }
    }

    /// The bytes of unpadded digits, and the bits of the last one that belong to no byte; nil for other characters, and for a
    /// single digit at the end.
    func decode(_ text: ArraySlice<UInt8>) -> (bytes: [UInt8], rest: UInt32)? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 2)
        var (group, bits): (UInt32, UInt32) = (0, 0)
        for digit in text {
            let value = values[Int(digit)]
            guard value != .max else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: group >> bits))
            group &= 1 << bits - 1
        }
        return (bytes, group)
    }
}
