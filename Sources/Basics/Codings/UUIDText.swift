/// UUIDs as text (RFC 9562 §4).
public enum UUIDText {
    /// The lower-case 8-4-4-4-12 form of `text`, or nil if it is no UUID.
    ///
    /// Upper case is taken too, and so is the prefix `urn:uuid:`.
    public static func canonical(_ text: String) -> String? {
        var digits = text.utf8.map { $0.isASCIILetter ? $0 | 0x20 : $0 }[...]
        if digits.starts(with: "urn:uuid:".utf8) { digits.removeFirst(9) }
        guard digits.count == 36 else { return nil }
        for (index, byte) in digits.enumerated() {
            switch index {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return nil }
            default: guard byte.hexadecimalValue != nil else { return nil }
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// A random UUID (RFC 9562 §5.4, version 4) of 16 random bytes.
    ///
    /// - Parameter random: sixteen bytes; six bits are overwritten by version and variant.
    public static func version4(from random: [UInt8]) -> String {
        precondition(random.count == 16, "a UUID takes 16 random bytes, not \(random.count)")
        var bytes = random
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        return String(unsafeUninitializedCapacity: 36) { text in
            var end = 0
            for (index, byte) in bytes.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    text[end] = UInt8(ascii: "-")
                    end += 1
                }
                text[end] = Hexadecimal.digits[Int(byte >> 4)]
                text[end + 1] = Hexadecimal.digits[Int(byte & 15)]
                end += 2
            }
            return end
        }
    }
}
