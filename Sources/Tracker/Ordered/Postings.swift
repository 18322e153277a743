/// The rows that share one index value: mostly one, whose key is kept inline, at times very many.
///
/// It takes eight bytes itself, so an index over a unique field costs no more than a map from key to key.
public struct Postings: Sendable {
    enum Rows {
        case one(ByteString)
        /// None, or at least two. Indirect to keep the other case at eight bytes.
        indirect case many(OrderedSet)
    }

    private(set) var rows: Rows

    private static let none = Rows.many(OrderedSet())

    /// No rows.
    public init() {
        rows = Self.none
    }

    /// The one row of `key`.
    public init(_ key: ByteString) {
        rows = .one(key)
    }

    /// The rows of `keys`.
    init(_ keys: OrderedSet) {
        switch keys.count {
        case 0: rows = Self.none
        case 1: rows = .one(keys.element(at: 0))
        default: rows = .many(keys)
        }
    }

    /// The number of rows.
    public var count: Int {
        switch rows {
        case .one: 1
        case .many(let keys): keys.count
        }
    }

    /// Whether there are no rows.
    public var isEmpty: Bool { count == 0 }

    /// Whether the row of `key` is among them.
    public func contains(_ key: ByteString) -> Bool {
        switch rows {
        case .one(let only): only == key
        case .many(let keys): keys.contains(key)
        }
    }

    /// The least key, if there is one.
    public var first: ByteString? {
        switch rows {
        case .one(let only): only
        case .many(let keys): keys.first
        }
    }

    /// Adds a row.
    /// - Returns: Whether it was missing.
    @discardableResult
    public mutating func insert(_ key: ByteString) -> Bool {
        if count > 1 { return changeKeys { $0.insert(key) } }
        guard let only = first else {
            rows = .one(key)
            return true
        }
        if only != key { rows = .many(OrderedSet(sorted: only < key ? [only, key] : [key, only])) }
        return only != key
    }

    /// Removes a row.
    /// - Returns: Whether no rows are left.
    @discardableResult
    public mutating func remove(_ key: ByteString) -> Bool {
        if count > 1 {
            changeKeys { $0.remove(key) }
            if count == 1, let only = first { rows = .one(only) }
        } else if contains(key) {
            rows = Self.none
        }
        return isEmpty
    }

    /// Changes the many keys, in place where no copy of them is held.
    @discardableResult
    private mutating func changeKeys(_ change: (inout OrderedSet) -> Bool) -> Bool {
        var keys = takeKeys()
        defer { rows = .many(keys) }
        return change(&keys)
    }

    /// Moves the many keys out. Inlined, it would keep a reference to them past its end, and every change would copy.
    @inline(never)
    private mutating func takeKeys() -> OrderedSet {
        guard case .many(let keys) = rows else { return OrderedSet() }
        rows = Self.none
        return keys
    }

    /// Visits the keys in ascending or descending order until `body` answers false.
    public func forEach(descending: Bool = false, _ body: (ByteString) throws -> Bool) rethrows {
        try forEach(fromRank: descending ? count - 1 : 0, descending: descending, body)
    }

    /// Visits the keys from the one at `rank` on, upwards or downwards, until `body` answers false.
    /// - Parameter rank: Counted from the least key in either direction, as in `OrderedMap`.
    public func forEach(fromRank rank: Int, descending: Bool = false, _ body: (ByteString) throws -> Bool) rethrows {
        switch rows {
        case .one(let only):
            if descending ? rank >= 0 : rank <= 0 { _ = try body(only) }
        case .many(let keys): try keys.forEach(fromRank: rank, descending: descending, body)
        }
    }
}
