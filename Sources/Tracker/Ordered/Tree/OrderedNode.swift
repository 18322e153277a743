/// A node of a B-tree: up to 15 entries in order and, unless it is a leaf, one child before, between and after them.
///
/// Nodes are values in arrays, and the copy-on-write of arrays is what makes the tree persistent: a change copies the
/// arrays on its path that a snapshot also holds, and works in place on all others. `count` covers the whole subtree,
/// so that ranks cost O(log n), and so does `summary`.
struct OrderedNode<Entry: OrderedEntry>: Sendable {
    var entries: [Entry] = []
    var children: [OrderedNode] = []
    var count = 0
    var summary = Entry.Summary.empty

    /// The most entries a node holds between operations: with one more, still 16 slots, it is split.
    static var maximum: Int { 15 }
    /// The fewest entries of a node other than the root.
    static var minimum: Int { 7 }
    /// Arrays of entries grow by this many slots, not by doubling, to waste no more than that.
    static var growth: Int { 4 }

    var isLeaf: Bool { children.isEmpty }

    /// Brings `summary` in line with the entries and children, whose own summaries must be right.
    mutating func summarize() {
        guard Entry.Summary.self != NoSummary.self else { return }
        var whole = Entry.Summary.empty
        for index in entries.indices { whole.formUnion(entries[index].summary) }
        for index in children.indices { whole.formUnion(children[index].summary) }
        summary = whole
    }

    /// Where `key` is, or else where it would go: the index of the first entry whose key is not less.
    func search(_ key: ByteString) -> (index: Int, found: Bool) {
        defer { withExtendedLifetime(entries) {} }
        return unretained.search(key)
    }

    /// The node without a hold on it. Whoever uses this must keep the tree alive otherwise.
    var unretained: Unretained {
        Unretained(
            entries: entries.withUnsafeBufferPointer { $0 }, children: children.withUnsafeBufferPointer { $0 },
            count: count)
    }
}
