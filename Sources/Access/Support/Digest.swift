import Crypto

/// The SHA-256 digest of several texts, each with its length, so that no two lists of texts are alike.
public struct Digest: Sendable {
    private var hash = SHA256()

    /// The digest of nothing yet.
    public init() {}

    /// Adds a text.
    public mutating func add(_ text: String) { add(Array(text.utf8)) }

    /// Adds bytes.
    public mutating func add(_ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).bigEndian) { hash.update(bufferPointer: $0) }
        hash.update(data: bytes)
    }

    /// The digest of all that was added: 32 bytes.
    public var bytes: [UInt8] { Array(hash.finalize()) }
}
