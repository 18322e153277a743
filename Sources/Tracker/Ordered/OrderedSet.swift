/// A persistent ordered set of byte strings, with the guarantees of `OrderedMap` and eight bytes a key.
public struct OrderedSet: Sendable {
    private(set) var tree = OrderedTree<ByteString>()

    /// A set of nothing; allocates nothing.
    public init() {}

    /// A set of `keys`, in O(n).
    /// - Parameter keys: In strictly ascending order; any other order is a programmer error.
    public init(sorted keys: some Sequence<ByteString>) {
        tree = OrderedTree(sorted: keys)
    }

    /// The set of the keys of `tree`.
    init(_ tree: OrderedTree<ByteString>) {
        self.tree = tree
    }

    /// The number of keys; O(1).
    public var count: Int { tree.count }

    /// Whether there are no keys.
    public var isEmpty: Bool { tree.count == 0 }

    /// Whether `key` is in the set.
    public func contains(_ key: ByteString) -> Bool { tree.contains(key) }

    /// The least key.
    public var first: ByteString? { tree.first }

    /// The greatest key.
    public var last: ByteString? { tree.last }

    /// The number of keys less than `key`, whether or not it is one of them; O(log n).
    public func rank(of key: ByteString) -> Int { tree.rank(of: key) }

    /// The key with `index` smaller ones; O(log n). An index outside `0..<count` is a programmer error.
    public func element(at index: Int) -> ByteString { tree.entry(at: index) }

    /// Whether both sets are the same storage, hence equal; O(1). Equal sets that were built separately share none.
    public func sharesStorage(with other: OrderedSet) -> Bool { tree.sharesStorage(with: other.tree) }

    /// Adds `key`. One that is already there stays the same object.
    /// - Returns: Whether it was missing.
    @discardableResult
    public mutating func insert(_ key: ByteString) -> Bool {
        tree.upsert(key) { _ in
            ()
        } make: {
            key
        } == nil
    }

    /// Removes `key`. Where it is missing, nothing is copied.
    /// - Returns: Whether it was there.
    @discardableResult
    public mutating func remove(_ key: ByteString) -> Bool { tree.remove(key) != nil }
}

extension OrderedSet: Sequence {
    /// Visits a range of keys until `body` answers false.
    /// - Parameters:
    ///   - from: The least key, or nil for no limit.
    ///   - upTo: The first key after the range, or nil for no limit.
    ///   - descending: Whether to begin with the greatest key.
    public func forEach(
        from: ByteString? = nil, upTo: ByteString? = nil, descending: Bool = false,
        _ body: (ByteString) throws -> Bool
    ) rethrows {
        try tree.walk(tree.ranks(from: from, upTo: upTo), descending: descending) {
            try ByteString.withUnretained($0, body)
        }
    }

    /// Visits the keys from the one at `rank` on, upwards or downwards, until `body` answers false; O(log n) to begin.
    /// - Parameter rank: Counted from the least key in either direction, as in `OrderedMap`.
    public func forEach(fromRank rank: Int, descending: Bool = false, _ body: (ByteString) throws -> Bool) rethrows {
        try tree.walk(tree.ranks(fromRank: rank, descending: descending), descending: descending) {
            try ByteString.withUnretained($0, body)
        }
    }

    /// Walks a set in ascending order, over the state it had when the walk began.
    public struct Iterator: IteratorProtocol {
        private var base: OrderedTree<ByteString>.Iterator

        fileprivate init(_ base: OrderedTree<ByteString>.Iterator) {
            self.base = base
        }

        /// The next key, or nil after the last.
        public mutating func next() -> ByteString? { base.next() }
    }

    /// A walk over all keys in ascending order.
    public func makeIterator() -> Iterator { Iterator(tree.makeIterator()) }

    /// The number of keys, which need not be guessed.
    public var underestimatedCount: Int { count }
}
