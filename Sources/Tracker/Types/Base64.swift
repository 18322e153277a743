import FoundationEssentials

/// Base64 (RFC 4648 §4), as `[]byte` fields have it on the wire.
public enum Base64 {
    /// The base64 text of `bytes`.
    public static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// The bytes of padded base64, or nil if `text` is not that.
    public static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { [UInt8]($0) } }
}
