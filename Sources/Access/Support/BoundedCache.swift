/// A map that forgets what has not been used for long rather than grow beyond a limit.
///
/// Entries live in two generations. When the young one is full it becomes the old one, and what was in the old one is gone;
/// an entry that is read moves to the young one. All operations are O(1), and there is no order to keep.
public struct BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let generationLimit: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    /// An empty cache.
    ///
    /// - Parameter limit: the most entries, at least two.
    public init(limit: Int) {
        precondition(limit >= 2, "a cache of \(limit) entries has no two generations")
        generationLimit = limit / 2
    }

    /// The number of entries.
    public var count: Int { young.count + old.count }

    /// The value of `key`.
    public subscript(key: Key) -> Value? {
        mutating get {
            if let value = young[key] { return value }
            guard let value = old.removeValue(forKey: key) else { return nil }
            insert(value, key)
            return value
        }
        set {
            old[key] = nil
            if let newValue { insert(newValue, key) } else { young[key] = nil }
        }
    }

    /// The key that equals `key` and is remembered, nil if none is.
    func remembered(_ key: Key) -> Key? {
        young.index(forKey: key).map { young.keys[$0] } ?? old.index(forKey: key).map { old.keys[$0] }
    }

    private mutating func insert(_ value: Value, _ key: Key) {
        if young.count >= generationLimit, young[key] == nil {
            old = young
            young = [:]
        }
        young[key] = value
    }
}
