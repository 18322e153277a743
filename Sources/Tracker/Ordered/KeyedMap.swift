/// A persistent ordered map from byte strings to anything.
public typealias OrderedMap<Value: Sendable> = KeyedMap<KeyedValue<Value>>

/// A persistent ordered map from byte strings, whose entries may have their keys in their values.
///
/// Copying it is O(1). Updating a map that shares storage with a copy copies only the path to the key, O(log n);
/// updating a map that shares nothing works in place. A copy never changes under its reader.
public struct KeyedMap<Entry: OrderedMapEntry>: Sendable {
    /// What the keys stand for.
    public typealias Value = Entry.Value

    private(set) var tree = OrderedTree<Entry>()

    /// A map of nothing; allocates nothing.
    public init() {}

    /// A map of `elements`, in O(n).
    /// - Parameter elements: In strictly ascending order of keys; any other order is a programmer error.
    public init(sorted elements: some Sequence<(ByteString, Value)>) {
        tree = OrderedTree(sorted: elements.lazy.map { Entry(key: $0, value: $1) })
    }

    /// The map of the entries of `tree`.
    init(_ tree: OrderedTree<Entry>) {
        self.tree = tree
    }

    /// The number of keys; O(1).
    public var count: Int { tree.count }

    /// Whether there are no keys.
    public var isEmpty: Bool { tree.count == 0 }

    /// The value of `key`, if it has one.
    public subscript(key: ByteString) -> Value? { tree.withEntry(for: key) { $0?.pointee.value } }

    /// The element with the least key.
    public var first: (key: ByteString, value: Value)? { tree.first.map { ($0.key, $0.value) } }

    /// The element with the greatest key.
    public var last: (key: ByteString, value: Value)? { tree.last.map { ($0.key, $0.value) } }

    /// The number of keys less than `key`, whether or not it is one of them; O(log n).
    public func rank(of key: ByteString) -> Int { tree.rank(of: key) }

    /// The element with `index` smaller keys; O(log n). An index outside `0..<count` is a programmer error.
    public func element(at index: Int) -> (key: ByteString, value: Value) {
        let entry = tree.entry(at: index)
        return (entry.key, entry.value)
    }

    /// Whether both maps are the same storage, hence equal; O(1). Equal maps that were built separately share none.
    public func sharesStorage(with other: KeyedMap) -> Bool { tree.sharesStorage(with: other.tree) }
}

// MARK: Changes

extension KeyedMap {
    /// Gives `key` a value. A key that is already there stays the same object, which others may share.
    /// - Returns: The value it had.
    @discardableResult
    public mutating func updateValue(_ value: Value, forKey key: ByteString) -> Value? {
        tree.upsert(key) { entry in
            let old = entry.value
            entry.value = value
            return old
        } make: {
            Entry(key: key, value: value)
        }
    }

    /// Removes `key`. Where it is missing, nothing is copied.
    /// - Returns: The value it had.
    @discardableResult
    public mutating func removeValue(forKey key: ByteString) -> Value? { tree.remove(key)?.value }

    /// Changes the value of `key`, in place where the map shares no storage.
    /// - Parameters:
    ///   - default: What `body` begins with where `key` is missing; the result is then inserted.
    ///   - body: If it throws, a missing key stays missing; a value that was there stays as `body` left it.
    /// - Returns: What `body` answered.
    @discardableResult
    public mutating func modify<Result>(
        _ key: ByteString, default: @autoclosure () -> Value, _ body: (inout Value) throws -> Result
    ) rethrows -> Result {
        var inserted: Result?
        let changed = try tree.upsert(key) { entry in
            try body(&entry.value)
        } make: {
            var value = `default`()
            inserted = try body(&value)
            return Entry(key: key, value: value)
        }
        return changed ?? inserted!
    }
}

// MARK: Walks

extension KeyedMap: Sequence {
    /// Visits the elements of a range of keys until `body` answers false.
    /// - Parameters:
    ///   - from: The least key, or nil for no limit.
    ///   - upTo: The first key after the range, or nil for no limit.
    ///   - descending: Whether to begin with the greatest key.
    public func forEach(
        from: ByteString? = nil, upTo: ByteString? = nil, descending: Bool = false,
        _ body: (ByteString, Value) throws -> Bool
    ) rethrows {
        try walk(tree.ranks(from: from, upTo: upTo), descending: descending, body)
    }

    /// Visits the elements from the one at `rank` on, upwards or downwards, until `body` answers false; O(log n) to
    /// begin.
    /// - Parameter rank: As `element(at:)` counts, from the least key in either direction: a descending walk that skips
    ///   the `n` greatest begins at `count - 1 - n`. A rank beyond either end is taken for what lies there: all or
    ///   nothing.
    public func forEach(
        fromRank rank: Int, descending: Bool = false, _ body: (ByteString, Value) throws -> Bool
    ) rethrows {
        try walk(tree.ranks(fromRank: rank, descending: descending), descending: descending, body)
    }

    /// Up to `limit` values from the one at `rank` on, upwards or downwards: what `forEach(fromRank:)` visits, each copied once.
    public func values(fromRank rank: Int, descending: Bool, limit: Int) -> [Value] {
        guard limit > 0 else { return [] }
        var values: [Value] = []
        let ranks = tree.ranks(fromRank: rank, descending: descending)
        values.reserveCapacity(Swift.min(limit, ranks.count))
        tree.walk(ranks, descending: descending) { entry in
            values.append(entry.pointee.value)
            return values.count < limit
        }
        return values
    }

    /// The values of `keys` in their order; of those that are missing, none. It takes less time than to look up one by one.
    func values(of keys: [ByteString]) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(keys.count)
        tree.forEachEntry(of: keys) { entry in if let entry { values.append(entry.pointee.value) } }
        return values
    }

    private func walk(
        _ ranks: Range<Int>, descending: Bool, _ body: (ByteString, Value) throws -> Bool
    ) rethrows {
        try tree.walk(ranks, descending: descending) { entry in
            try ByteString.withUnretained(Entry.key(of: entry)) { try body($0, entry.pointee.value) }
        }
    }

    /// Walks a map in ascending order of keys, over the state it had when the walk began.
    public struct Iterator: IteratorProtocol {
        private var base: OrderedTree<Entry>.Iterator

        fileprivate init(_ base: OrderedTree<Entry>.Iterator) {
            self.base = base
        }

        /// The next element, or nil after the last.
        public mutating func next() -> (key: ByteString, value: Value)? { base.next().map { ($0.key, $0.value) } }
    }

    /// A walk over all elements in ascending order of keys.
    public func makeIterator() -> Iterator { Iterator(tree.makeIterator()) }

    /// The number of keys, which need not be guessed.
    public var underestimatedCount: Int { count }
}
