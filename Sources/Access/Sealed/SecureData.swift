import Basics
public import JSON
import Tracker

/// A parameter's value in a sealed box (C §9): curve25519, XSalsa20 and Poly1305, as NaCl's `crypto_box`.
public struct SecureData: Sendable, Hashable {
    /// The length of a nonce, in bytes.
    public static let nonceLength = 24
    /// By how much the payload is longer than the value's JSON, in bytes.
    public static let overhead = 16

    /// The public key of whoever sealed the value, made for this one box.
    public let key: [UInt8]
    /// Used once with the key.
    public let nonce: [UInt8]
    /// The encrypted JSON.
    public let payload: [UInt8]

    /// A box of its parts.
    ///
    /// - Throws: `SealedError` if a part has a length that it cannot have.
    public init(key: [UInt8], nonce: [UInt8], payload: [UInt8]) throws(SealedError) {
        guard key.count == KeyPair.keyLength else { throw .keyLength }
        guard nonce.count == Self.nonceLength else { throw .nonceLength }
        guard payload.count >= Self.overhead else { throw .corrupted }
        self.key = key
        self.nonce = nonce
        self.payload = payload
    }

    /// The box of an object with the members `Key`, `Nonce` and `Payload` in base64.
    ///
    /// - Throws: `SealedError` if it is none.
    public init(_ value: JSONValue) throws(SealedError) {
        guard case .object(let object) = value else { throw .corrupted }
        try self.init(
            key: Self.bytes("Key", of: object), nonce: Self.bytes("Nonce", of: object),
            payload: Self.bytes("Payload", of: object))
    }

    /// The box as JSON.
    public var value: JSONValue {
        [
            "Key": .string(Base64.encode(key)), "Nonce": .string(Base64.encode(nonce)),
            "Payload": .string(Base64.encode(payload)),
        ]
    }

    /// Whether `value` looks like a box: an object with its three members, all texts, and no others.
    public static func isSealed(_ value: JSONValue) -> Bool {
        guard case .object(let object) = value, object.count == 3 else { return false }
        return ["Key", "Nonce", "Payload"].allSatisfy { object[$0]?.stringValue != nil }
    }

    private static func bytes(_ name: String, of object: JSONObject) throws(SealedError) -> [UInt8] {
        let text = object.text(name)
        guard let bytes = text.isEmpty ? [] : Base64.decode(text) else { throw .corrupted }
        return bytes
    }
}

/// Why a box cannot be opened; the texts are those of C §9.
public enum SealedError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The key has another length than 32 bytes.
    case keyLength
    /// The nonce has another length than 24 bytes.
    case nonceLength
    /// The box was not sealed for this key, or was changed since, or holds no JSON.
    case corrupted

    /// The text for clients.
    public var description: String {
        switch self {
        case .keyLength: "Key must be \(KeyPair.keyLength) bytes long"
        case .nonceLength: "Nonce must be \(SecureData.nonceLength) bytes long"
        case .corrupted: "SecureData corrupted"
        }
    }
}
