/// A persistent B-tree of entries ordered by their keys: what `OrderedMap` and `OrderedSet` share.
struct OrderedTree<Entry: OrderedEntry>: Sendable {
    private(set) var root = OrderedNode<Entry>()

    init() {}

    /// A tree of entries in strictly ascending order of keys; any other order is a programmer error.
    init(sorted entries: [Entry]) {
        for index in entries.indices.dropFirst() {
            let (before, key) = (entries[index - 1].key, entries[index].key)
            precondition(before < key, "keys must ascend strictly, yet \(key) follows \(before)")
        }
        root = OrderedNode(sorted: entries[...])
    }

    var count: Int { root.count }

    var first: Entry? { count == 0 ? nil : root.entry(at: 0) }

    var last: Entry? { count == 0 ? nil : root.entry(at: count - 1) }

    func entry(at rank: Int) -> Entry {
        precondition(0..<count ~= rank, "there is no element \(rank) among \(count)")
        return root.entry(at: rank)
    }

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
        }
        return result
    }

    /// Removes the entry of `key`. Where there is none, nothing is copied.
    mutating func remove(_ key: ByteString) -> Entry? {
        guard root.entry(for: key) != nil else { return nil }
        let removed = root.remove(key)
        if root.entries.isEmpty, let child = root.children.first { root = child }
        return removed
    }

    /// The ranks of the keys from `from` up to but not including `upTo`.
    func ranks(from: ByteString?, upTo: ByteString?) -> Range<Int> {
        let lower = from.map(root.rank(of:)) ?? 0
        let upper = upTo.map(root.rank(of:)) ?? count
        return lower..<Swift.max(lower, upper)
    }

    /// The ranks that remain when a walk begins at `rank`.
    func ranks(fromRank rank: Int, descending: Bool) -> Range<Int> {
        descending ? 0..<Swift.min(count, Swift.max(0, rank + 1)) : Swift.min(count, Swift.max(0, rank))..<count
    }

    /// Visits the entries of the given ranks until `body` answers false.
    func walk(_ ranks: Range<Int>, descending: Bool, _ body: (Entry) throws -> Bool) rethrows {
        _ = descending ? try root.walkBack(ranks, body) : try root.walk(ranks, body)
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
