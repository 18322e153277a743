import Basics
import Crypto

/// What tokens are signed with.
struct TokenKey: Sendable {
    private let key: SymmetricKey

    /// The key of a secret preference.
    init(_ secret: String) { key = SymmetricKey(data: Array(secret.utf8)) }

    /// The signature of a text.
    func signature(of text: some StringProtocol) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }

    /// Whether `signature` is that of `text`; takes the same time wherever the two differ.
    func isSignature(_ signature: [UInt8], of text: some StringProtocol) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: Array(text.utf8), using: key)
    }

    /// A fingerprint of texts that tells nothing of them.
    func seal(_ texts: [String]) -> String {
        var code = HMAC<SHA256>(key: key)
        code.updateFramed(texts)
        return Base64URL.encode(Array(code.finalize()))
    }
}
