/// Percent-encoding of URIs (RFC 3986 §2.1).
public enum PercentEncoding {
    /// The text that `text` stands for, decoded once. What is no proper escape stands for itself, and bytes that are no UTF-8
    /// are replaced: such a key names nothing.
    ///
    /// - Parameter plusIsSpace: whether `+` is a space, as in queries.
    public static func decode(_ text: Substring, plusIsSpace: Bool = false) -> String {
        guard text.utf8.contains(where: { $0 == mark || plusIsSpace && $0 == UInt8(ascii: "+") }) else {
            return String(text)
        }
        return String(decoding: unescape(text.utf8, plusIsSpace: plusIsSpace).bytes, as: UTF8.self)
    }

    /// The bytes that `text` stands for; nil if one of its escapes is not `%` and two hexadecimal digits.
    public static func decodeStrictly(_ text: some StringProtocol) -> [UInt8]? {
        let (bytes, isProper) = unescape(Substring(text).utf8, plusIsSpace: false)
        return isProper ? bytes : nil
    }

    /// Writes bytes as ASCII: printable ones that `keep` accepts as they are, all others and `%` as an escape.
    public static func encode(_ bytes: some Sequence<UInt8>, keeping keep: (UInt8) -> Bool) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            if byte < 0x7F, byte != mark, keep(byte) {
                text.append(byte)
            } else {
                text += [mark, Hexadecimal.capitals[Int(byte >> 4)], Hexadecimal.capitals[Int(byte & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether the byte is a letter, digit or mark that stands for itself everywhere (RFC 3986 §2.3).
    public static func isUnreserved(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isASCIIDigit || "-._~".utf8.contains(byte)
    }

    private static let mark = UInt8(ascii: "%")

    private static func unescape(
        _ bytes: Substring.UTF8View, plusIsSpace: Bool
    ) -> (bytes: [UInt8], isProper: Bool) {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var (rest, isProper) = (bytes[...], true)
        while let byte = rest.popFirst() {
            if byte == mark {
                let digits = rest.prefix(2)
                if digits.count == 2, let high = digits.first?.hexadecimalValue,
                    let low = digits.dropFirst().first?.hexadecimalValue
                {
                    decoded.append(high << 4 | low)
                    rest = rest.dropFirst(2)
                    continue
                }
                isProper = false
            }
            decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        }
        return (decoded, isProper)
    }
}
