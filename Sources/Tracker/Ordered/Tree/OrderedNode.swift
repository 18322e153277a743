/// A node of a B-tree: up to 63 entries in order and, unless it is a leaf, one child before, between and after them.
///
/// Nodes are values in arrays, and the copy-on-write of arrays is what makes the tree persistent: a change copies the arrays
/// on its path that a snapshot also holds, and works in place on all others. `count` covers the whole subtree, so that ranks
/// cost O(log n).
struct OrderedNode<Entry: OrderedEntry>: Sendable {
    var entries: [Entry] = []
    var children: [OrderedNode] = []
    var count = 0

    /// The most entries a node holds between operations: with one more, still 64 slots, it is split.
    static var maximum: Int { 63 }
    /// The fewest entries of a node other than the root.
    static var minimum: Int { 31 }
    /// Arrays of entries grow by this many slots, not by doubling, to waste no more than that.
    static var growth: Int { 8 }

    var isLeaf: Bool { children.isEmpty }

    /// Where `key` is, or else where it would go: the index of the first entry whose key is not less.
    func search(_ key: ByteString) -> (index: Int, found: Bool) {
        withExtendedLifetime((self, key)) {
            let wanted = key.unretained
            var low = 0
            var high = entries.count
            while low < high {
                let middle = (low + high) / 2
                let order = entries[middle].key.unretained.compare(wanted)
                if order == 0 { return (middle, true) }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
            return (low, false)
        }
    }

    /// The entry of `key`.
    func entry(for key: ByteString) -> Entry? {
        let (index, found) = search(key)
        if found { return entries[index] }
        return isLeaf ? nil : children[index].entry(for: key)
    }

    /// The number of entries whose key is less than `key`.
    func rank(of key: ByteString) -> Int {
        let (index, found) = search(key)
        if isLeaf { return index }
        var rank = index
        for child in 0..<index { rank += children[child].count }
        return rank + (found ? children[index].count : children[index].rank(of: key))
    }

    /// The entry with `rank` smaller ones.
    func entry(at rank: Int) -> Entry {
        if isLeaf { return entries[rank] }
        var rest = rank
        var index = 0
        while rest > children[index].count {
            rest -= children[index].count + 1
            index += 1
        }
        return rest == children[index].count ? entries[index] : children[index].entry(at: rest)
    }
}
