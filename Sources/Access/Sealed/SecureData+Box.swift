public import Basics
import CSodium
import Crypto
public import JSON
import Tracker

/// Sealing and opening.
extension SecureData {
    /// Seals `value` for the owner of `publicKey`.
    ///
    /// - Throws: `keyLength` if that is no key, `corrupted` if it is a key for which nothing can be sealed.
    public static func seal(
        _ value: JSONValue, for publicKey: [UInt8], _ environment: Environment
    ) throws(SealedError) -> SecureData {
        let sender = KeyPair(environment)
        return try seal(
            JSONDocument(value).bytes, for: publicKey, from: sender, nonce: environment.randomBytes(nonceLength))
    }

    /// Seals `value` for an object of our own.
    static func seal(_ value: JSONValue, for owner: KeyPair, _ environment: Environment) -> SecureData {
        let nonce = environment.randomBytes(nonceLength)
        return sealed(JSONDocument(value).bytes, for: owner, from: KeyPair(environment), nonce: nonce)
    }

    /// Seals `value` for an object of our own with what follows from the object's private key, the parameter and the value,
    /// so that the same comes out each time. Nobody without the private key can tell or guess anything from that, but that
    /// two boxes of one parameter hold the same.
    static func seal(_ value: JSONValue, of name: String, for owner: KeyPair) -> SecureData {
        let message = JSONDocument(value).bytes
        func derived(_ use: String) -> [UInt8] {
            var code = HMAC<SHA256>(key: SymmetricKey(data: owner.privateKey))
            code.updateFramed([use, name])
            code.update(data: message)
            return Array(code.finalize())
        }
        guard let sender = KeyPair(privateKey: derived("sender")) else {
            preconditionFailure("an HMAC of SHA-256 has as many bytes as a private key")
        }
        return sealed(message, for: owner, from: sender, nonce: Array(derived("nonce").prefix(nonceLength)))
    }

    private static func sealed(
        _ message: [UInt8], for owner: KeyPair, from sender: KeyPair, nonce: [UInt8]
    ) -> SecureData {
        do throws(SealedError) {
            return try seal(message, for: owner.publicKey, from: sender, nonce: nonce)
        } catch {
            preconditionFailure("a key that was made from a private key takes boxes: \(error)")
        }
    }

    /// Seals bytes under given keys and a nonce that is used for nothing else.
    static func seal(
        _ message: [UInt8], for publicKey: [UInt8], from sender: KeyPair, nonce: [UInt8]
    ) throws(SealedError) -> SecureData {
        guard publicKey.count == KeyPair.keyLength else { throw .keyLength }
        guard nonce.count == nonceLength else { throw .nonceLength }
        var payload = [UInt8](repeating: 0, count: message.count + overhead)
        let status = crypto_box_easy(
            &payload, message, UInt64(message.count), nonce, publicKey, sender.privateKey)
        guard status == 0 else { throw .corrupted }
        return try SecureData(key: sender.publicKey, nonce: nonce, payload: payload)
    }

    /// The value in the box.
    ///
    /// - Parameter pair: of the object for which it was sealed.
    /// - Throws: `corrupted` if it was not, or was changed since.
    public func open(with pair: KeyPair) throws(SealedError) -> JSONValue {
        guard let message = opened(with: pair.privateKey), let document = try? JSONDocument(parsing: message) else {
            throw .corrupted
        }
        return document.value()
    }

    private func opened(with privateKey: [UInt8]) -> [UInt8]? {
        guard Sodium.isReady else { return nil }
        var message = [UInt8](repeating: 0, count: payload.count - Self.overhead)
        let status = crypto_box_open_easy(&message, payload, UInt64(payload.count), nonce, key, privateKey)
        return status == 0 ? message : nil
    }
}
