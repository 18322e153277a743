import FoundationEssentials

/// Base64 (RFC 4648 §4), as `[]byte` fields have it on the wire.
public enum Base64 {
    /// The base64 text of `bytes`.
    public static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// The base64url text of `bytes` (RFC 4648 §5), padded to whole groups of three as `encode` does.
    static func encodeForURLs(_ bytes: [UInt8]) -> String {
        let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        return String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text in
            var end = 0
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let part = bytes[start..<min(start + 3, bytes.count)]
                let number = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
                for place in 0..<4 {
                    let isFilled = place <= part.count
                    text[end] = isFilled ? alphabet.utf8Start[number >> (18 - 6 * place) & 63] : UInt8(ascii: "=")
                    end += 1
                }
            }
            return end
        }
    }

    /// The bytes of padded base64, or nil if `text` is not that.
    public static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { [UInt8]($0) } }
}
