/// An ordered list of changes that a store applies together; where two touch the same key, the later one wins.
public struct WriteBatch: Sendable {
    /// One change.
    public enum Operation: Sendable, Hashable {
        /// Stores a value, replacing what the key held before.
        case put(Keyspace, key: [UInt8], value: [UInt8])
        /// Removes a key; nothing happens if it is absent.
        case remove(Keyspace, key: [UInt8])
        /// Removes every key of a keyspace.
        case clear(Keyspace)
    }

    /// The changes, in the order they take effect.
    public private(set) var operations: [Operation] = []

    /// The bytes of all keys and values in the batch, a measure of what applying it costs.
    public private(set) var byteCount = 0

    /// Makes an empty batch.
    public init() {}

    /// The number of changes.
    public var count: Int { operations.count }

    /// Whether applying the batch changes nothing.
    public var isEmpty: Bool { operations.isEmpty }

    /// Stores `value` under `key`.
    public mutating func put(_ keyspace: Keyspace, key: [UInt8], value: [UInt8]) {
        operations.append(.put(keyspace, key: key, value: value))
        byteCount += key.count + value.count
    }

    /// Removes `key`; nothing happens if it is absent.
    public mutating func remove(_ keyspace: Keyspace, key: [UInt8]) {
        operations.append(.remove(keyspace, key: key))
        byteCount += key.count
    }

    /// Removes every key of `keyspace` that is there when this change takes effect.
    public mutating func clear(_ keyspace: Keyspace) {
        operations.append(.clear(keyspace))
    }

    /// Makes the changes of `other` after those that are here.
    public mutating func append(_ other: WriteBatch) {
        operations += other.operations
        byteCount += other.byteCount
    }

    /// Refuses keys that no store, or not this one, can hold, so that a batch fails before any of it is applied.
    ///
    /// - Throws: `tooLarge` for a key longer than `maximumKeyLength` bytes, `misuse` for an empty one.
    public func checkKeys(maximumKeyLength: Int) throws(StoreError) {
        for operation in operations {
            guard case .put(let keyspace, let key, _) = operation else { continue }
            guard !key.isEmpty else {
                throw StoreError(.misuse, "cannot store a value in \(keyspace) under an empty key: give it a name")
            }
            guard key.count <= maximumKeyLength else {
                throw StoreError(
                    .tooLarge,
                    "the key \(StoreError.excerpt(key)) in \(keyspace) has \(key.count) bytes, "
                        + "the store allows \(maximumKeyLength): use a shorter name")
            }
        }
    }
}
