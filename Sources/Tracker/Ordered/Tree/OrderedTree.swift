/// A persistent B-tree of entries ordered by their keys: what `OrderedMap` and `OrderedSet` share.
struct OrderedTree<Entry: OrderedEntry>: Sendable {
    private(set) var root = OrderedNode<Entry>()

    init() {}

    /// A tree of entries in strictly ascending order of keys; any other order is a programmer error.
    init(sorted entries: some Sequence<Entry>) {
        var builder = OrderedTreeBuilder<Entry>()
        for entry in entries { builder.append(entry) }
        self = builder.tree()
    }

    /// The tree below `root`.
    init(root: OrderedNode<Entry>) {
        self.root = root
    }

    var count: Int { root.count }

    /// Runs `body` on the entry of `key`, or on nil where there is none.
    func withEntry<Result>(for key: ByteString, _ body: (UnsafePointer<Entry>?) -> Result) -> Result {
        defer { withExtendedLifetime(root) {} }
        return body(root.unretained.entry(for: key))
    }

    func contains(_ key: ByteString) -> Bool { withEntry(for: key) { $0 != nil } }

    func rank(of key: ByteString) -> Int {
        defer { withExtendedLifetime(root) {} }
        return root.unretained.rank(of: key)
    }

    func entry(at rank: Int) -> Entry {
        precondition(0..<count ~= rank, "there is no element \(rank) among \(count)")
        defer { withExtendedLifetime(root) {} }
        return root.unretained.entry(at: rank).pointee
    }

    var first: Entry? { count == 0 ? nil : entry(at: 0) }

    var last: Entry? { count == 0 ? nil : entry(at: count - 1) }

    /// Changes the entry of `key` in place, or inserts what `make` answers; nil after an insertion.
    mutating func upsert<Result>(
        _ key: ByteString, change: (inout Entry) throws -> Result, make: () throws -> Entry
    ) rethrows -> Result? {
        let result = try root.upsert(key, change: change, make: make)
        if root.entries.count > OrderedNode<Entry>.maximum {
            let count = root.count
            let child = root
            root = OrderedNode(children: [child], count: count)
            root.splitChild(at: 0)
            root.summarize()
        }
        return result
    }

    /// Removes the entry of `key`. Where there is none, nothing is copied.
    mutating func remove(_ key: ByteString) -> Entry? {
        guard contains(key) else { return nil }
        let removed = root.remove(key)
        if root.entries.isEmpty, let child = root.children.first { root = child }
        return removed
    }

    /// The ranks of the keys from `from` up to but not including `upTo`.
    func ranks(from: ByteString?, upTo: ByteString?) -> Range<Int> {
        let lower = from.map(rank(of:)) ?? 0
        let upper = upTo.map(rank(of:)) ?? count
        return lower..<Swift.max(lower, upper)
    }

    /// The ranks that remain when a walk begins at `rank`.
    func ranks(fromRank rank: Int, descending: Bool) -> Range<Int> {
        descending ? 0..<Swift.min(count, Swift.max(0, rank + 1)) : Swift.min(count, Swift.max(0, rank))..<count
    }

    /// Visits the entries of the given ranks until `body` answers false.
    func walk(
        _ ranks: Range<Int>, descending: Bool, _ body: (UnsafePointer<Entry>) throws -> Bool
    ) rethrows {
        defer { withExtendedLifetime(root) {} }
        _ = descending ? try root.unretained.walkBack(ranks, body) : try root.unretained.walk(ranks, body)
    }

    /// Whether both trees are the same arrays in memory.
    func sharesStorage(with other: OrderedTree) -> Bool {
        root.entries.sharesStorage(with: other.root.entries) && root.children.sharesStorage(with: other.root.children)
    }
}

extension Array {
    fileprivate func sharesStorage(with other: [Element]) -> Bool {
        withUnsafeBufferPointer { mine in
            other.withUnsafeBufferPointer { mine.baseAddress == $0.baseAddress && mine.count == $0.count }
        }
    }
}
