/// Builds a tree bottom up out of entries that come in ascending order of keys. An entry goes to its place at once, and stays
/// there.
///
/// Leaves are filled one after the other, each as full as it may be; one entry between two of them is for the floor above.
struct OrderedTreeBuilder<Entry: OrderedEntry>: Sendable {
    private var leaves: [OrderedNode<Entry>] = []
    /// The entries behind each of the leaves.
    private var separators: [Entry] = []
    /// The leaf that is being filled.
    private var open: [Entry] = []

    /// A leaf and the entry behind it are so many; also, how many children a full node has.
    static var stride: Int { OrderedNode<Entry>.maximum + 1 }

    init() {}

    var count: Int { leaves.count * Self.stride + open.count }

    /// Appends an entry whose key is greater than all before; any other is a programmer error.
    mutating func append(_ entry: consuming Entry) {
        checkOrder(entry.key)
        if open.count == OrderedNode<Entry>.maximum {
            leaves.append(OrderedNode(open))
            open = []
            separators.append(entry)
        } else {
            if open.isEmpty { open.reserveCapacity(OrderedNode<Entry>.maximum) }
            open.append(entry)
        }
    }

    /// Appends all entries of another builder, leaf by leaf. The count must be a multiple of `stride` until then.
    mutating func append(contentsOf next: consuming OrderedTreeBuilder) {
        precondition(open.isEmpty, "there is an open leaf of \(open.count) entries")
        guard next.count > 0 else { return }
        checkOrder(next.entry(at: 0).pointee.key)
        leaves += next.leaves
        separators += next.separators
        open = next.open
    }

    /// The tree of all entries.
    consuming func tree() -> OrderedTree<Entry> {
        var nodes = leaves
        // What was reserved and is not used would stay with the tree.
        nodes.append(OrderedNode(Array(open[...])))
        var between = separators
        while nodes.count > 1 {
            Self.evenOut(&nodes, &between)
            (nodes, between) = Self.parents(of: nodes, between)
        }
        return OrderedTree(root: nodes[0])
    }

    /// Shares the entries of the last two nodes evenly if the last one has too few.
    private static func evenOut(_ nodes: inout [OrderedNode<Entry>], _ between: inout [Entry]) {
        guard nodes[nodes.count - 1].entries.count < OrderedNode<Entry>.minimum else { return }
        let (right, left) = (nodes.removeLast(), nodes.removeLast())
        let entries = left.entries + [between.removeLast()] + right.entries
        let children = left.children + right.children
        let half = entries.count / 2
        nodes.append(OrderedNode(Array(entries[..<half]), Array(children.prefix(half + 1))))
        between.append(entries[half])
        nodes.append(OrderedNode(Array(entries[(half + 1)...]), Array(children.dropFirst(half + 1))))
    }

    /// The floor above `nodes` and the entries between them.
    private static func parents(
        of nodes: [OrderedNode<Entry>], _ between: [Entry]
    ) -> (nodes: [OrderedNode<Entry>], between: [Entry]) {
        var (parents, left): ([OrderedNode<Entry>], [Entry]) = ([], [])
        for start in Swift.stride(from: 0, to: nodes.count, by: stride) {
            let end = min(start + stride, nodes.count)
            parents.append(OrderedNode(Array(between[start..<end - 1]), Array(nodes[start..<end])))
            if end < nodes.count { left.append(between[end - 1]) }
        }
        return (parents, left)
    }

    /// Ends the program unless `key` comes after all that are here.
    private func checkOrder(_ key: ByteString) {
        guard count > 0 else { return }
        ByteString.withUnretained(Entry.key(of: entry(at: count - 1))) { last in
            precondition(last < key, "keys must ascend strictly, yet \(key) follows \(last)")
        }
    }
}

// MARK: Reading

extension OrderedTreeBuilder {
    /// The entry with `rank` smaller ones, valid as long as the builder is there and does not change.
    func entry(at rank: Int) -> UnsafePointer<Entry> {
        let (leaf, offset) = rank.quotientAndRemainder(dividingBy: Self.stride)
        if leaf == leaves.count { return open.withUnsafeBufferPointer { $0.baseAddress! + offset } }
        if offset == Self.stride - 1 { return separators.withUnsafeBufferPointer { $0.baseAddress! + leaf } }
        return leaves[leaf].entries.withUnsafeBufferPointer { $0.baseAddress! + offset }
    }

    /// Visits all entries in order.
    func forEach(_ body: (UnsafePointer<Entry>) -> Void) {
        for leaf in leaves.indices {
            leaves[leaf].entries.withUnsafeBufferPointer { entries in
                for index in entries.indices { body(entries.baseAddress! + index) }
            }
            separators.withUnsafeBufferPointer { body($0.baseAddress! + leaf) }
        }
        open.withUnsafeBufferPointer { entries in
            for index in entries.indices { body(entries.baseAddress! + index) }
        }
    }
}

extension OrderedNode {
    /// A leaf of `entries`, or a node with them between its `children`.
    fileprivate init(_ entries: [Entry], _ children: [OrderedNode] = []) {
        self.init(entries: entries, children: children, count: children.reduce(entries.count) { $0 + $1.count })
        summarize()
    }
}
