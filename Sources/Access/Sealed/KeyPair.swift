public import Basics
import CSodium

/// The keys of one object for sealed values (curve25519): anyone may seal for the public one, only the server opens.
public struct KeyPair: Sendable, Hashable {
    /// The length of either key, in bytes.
    public static let keyLength = 32

    /// Given to those who seal.
    public let publicKey: [UInt8]
    /// Never leaves the server.
    public let privateKey: [UInt8]

    /// The pair of a private key; nil unless that has ``keyLength`` bytes.
    public init?(privateKey: [UInt8]) {
        var publicKey = [UInt8](repeating: 0, count: Self.keyLength)
        guard privateKey.count == Self.keyLength, Sodium.isReady,
            crypto_scalarmult_base(&publicKey, privateKey) == 0
        else { return nil }
        self.publicKey = publicKey
        self.privateKey = privateKey
    }

    /// A fresh pair.
    public init(_ environment: Environment) {
        guard let pair = KeyPair(privateKey: environment.randomBytes(Self.keyLength)) else {
            preconditionFailure("any 32 bytes are a private key; were there so many random ones?")
        }
        self = pair
    }
}
