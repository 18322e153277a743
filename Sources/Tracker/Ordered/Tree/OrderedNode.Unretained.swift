extension OrderedNode {
    /// A look at a node that something else keeps alive: how trees are read.
    ///
    /// To retain each node on a path, and each key passed on the way, would cost more than the search itself.
    struct Unretained {
        let entries: UnsafeBufferPointer<Entry>
        let children: UnsafeBufferPointer<OrderedNode>
        let count: Int

        var isLeaf: Bool { children.isEmpty }

        func child(_ index: Int) -> Unretained { children[index].unretained }

        /// Where `key` is, or else where it would go: the index of the first entry whose key is not less.
        func search(_ key: ByteString) -> (index: Int, found: Bool) {
            defer { withExtendedLifetime(key) {} }
            return search(key.unretained)
        }

        /// The same for a key without a hold on it.
        func search(_ wanted: ByteString.Unretained) -> (index: Int, found: Bool) {
            var low = 0
            var high = entries.count
            while low < high {
                let middle = (low &+ high) / 2
                let order = entries[middle].key.unretained.compare(wanted)
                if order == 0 { return (middle, true) }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
            return (low, false)
        }

        /// The entry of `key`.
        func entry(for key: ByteString) -> UnsafePointer<Entry>? {
            var node = self
            while true {
                let (index, found) = node.search(key)
                if found { return node.entries.baseAddress! + index }
                if node.isLeaf { return nil }
                node = node.child(index)
            }
        }

        /// The number of entries whose key is less than `key`.
        func rank(of key: ByteString) -> Int {
            var node = self
            var rank = 0
            while true {
                let (index, found) = node.search(key)
                rank += index
                if node.isLeaf { return rank }
                for child in 0..<index { rank += node.children[child].count }
                if found { return rank + node.children[index].count }
                node = node.child(index)
            }
        }

        /// The entry with `rank` smaller ones.
        func entry(at rank: Int) -> UnsafePointer<Entry> {
            var node = self
            var rest = rank
            while !node.isLeaf {
                var index = 0
                while rest > node.children[index].count {
                    rest -= node.children[index].count + 1
                    index += 1
                }
                if rest == node.children[index].count { return node.entries.baseAddress! + index }
                node = node.child(index)
            }
            return node.entries.baseAddress! + rest
        }
    }
}
