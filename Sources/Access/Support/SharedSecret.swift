import Basics
import Crypto

/// A secret that a caller proves to know: by sending it, or by a code over what is sent.
public struct SharedSecret: Sendable {
    private let key: SymmetricKey

    /// The secret of that text.
    public init(_ text: String) { key = SymmetricKey(data: Array(text.utf8)) }

    /// Whether a text is the secret. It takes as long whether the two differ early or late.
    public func isSame(as text: String) -> Bool {
        let code = HMAC<SHA256>.authenticationCode(for: Self.probe, using: key)
        let other = SymmetricKey(data: Array(text.utf8))
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Self.probe, using: other)
    }

    /// Whether a signature is that of a message.
    ///
    /// - Parameters:
    ///   - message: what was signed.
    ///   - signature: its HMAC with SHA-256 (RFC 2104) in hexadecimal, after `sha256=`, as forges sign their calls.
    public func signs(_ message: [UInt8], as signature: String) -> Bool {
        guard let digits = signature.after("sha256="), let code = Hexadecimal.decode(String(digits).asciiLowercased)
        else {
            return false
        }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: key)
    }

    private static let probe = Array("the same".utf8)
}
