extension OrderedTree: Sequence {
    /// Walks a tree in ascending order, over the state it had when the walk began.
    struct Iterator: IteratorProtocol {
        /// Nodes above the current leaf, each with the index of its next entry.
        private var path: [(node: OrderedNode<Entry>, next: Int)] = []
        private var leaf: [Entry] = []
        private var position = 0

        init(_ root: OrderedNode<Entry>) {
            descend(root)
        }

        mutating func next() -> Entry? {
            if position < leaf.count {
                position += 1
                return leaf[position - 1]
            }
            while let (node, index) = path.popLast() {
                guard index < node.entries.count else { continue }
                path.append((node, index + 1))
                descend(node.children[index + 1])
                return node.entries[index]
            }
            return nil
        }

        private mutating func descend(_ top: OrderedNode<Entry>) {
            var node = top
            while !node.isLeaf {
                path.append((node, 0))
                node = node.children[0]
            }
            leaf = node.entries
            position = 0
        }
    }

    func makeIterator() -> Iterator { Iterator(root) }
}
