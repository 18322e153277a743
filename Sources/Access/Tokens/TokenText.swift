import Basics
import JSON

/// The signed text of a token: a compact JWT (RFC 7519) with HMAC-SHA256, and no other algorithm.
enum TokenText {
    /// The longest text that is looked at, in bytes.
    static let longest = 16 << 10

    /// The first part, the same for all: `{"alg":"HS256","typ":"JWT"}`.
    private static let header = Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))

    /// The text of `token`, signed with `key`.
    static func sign(_ token: Token, with key: TokenKey) -> String {
        let signed = header + "." + Base64URL.encode(token.payload)
        return signed + "." + Base64URL.encode(key.signature(of: signed))
    }

    /// The token of `text`; nil if it was not signed with `key`, byte for byte.
    static func verify(_ text: String, with key: TokenKey) -> Token? {
        guard text.utf8.count <= longest else { return nil }
        let parts = text.parts(between: ".", maxSplits: 3)
        guard parts.count == 3, parts[0].hasSameUTF8(as: header), let signature = Base64URL.decode(parts[2]),
            key.isSignature(signature, of: text[..<parts[1].endIndex])
        else { return nil }
        return Base64URL.decode(parts[1]).flatMap { Token(payload: $0) }
    }
}
