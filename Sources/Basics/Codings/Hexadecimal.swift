/// Bytes as hexadecimal text (RFC 4648 §8).
public enum Hexadecimal {
    static let digits = Array("0123456789abcdef".utf8)
    static let capitals = Array("0123456789ABCDEF".utf8)

    /// Two digits a byte.
    ///
    /// - Parameters:
    ///   - isUppercase: whether the digits above 9 are capitals.
    ///   - separator: an ASCII character that stands between two bytes; nil for none.
    public static func encode(
        _ bytes: some Sequence<UInt8>, isUppercase: Bool = false, separator: Unicode.Scalar? = nil
    ) -> String {
        let digits = isUppercase ? capitals : digits
        var text: [UInt8] = []
        for byte in bytes {
            if let separator, !text.isEmpty { text.append(UInt8(ascii: separator)) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of an even number of digits of either case, or nil.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8 {
            guard let value = digit.hexadecimalValue else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes : nil
    }
}
