import CMemory

extension OrderedTree {
    /// Visits the entries of several keys in the order of `keys`, nil where there is none.
    ///
    /// The searches go on side by side, a step at a time: while the memory that one of them looks at next is being fetched, the
    /// others go on. One after the other, each would wait for memory at every step.
    func forEachEntry(of keys: [ByteString], _ body: (UnsafePointer<Entry>?) -> Void) {
        defer { withExtendedLifetime((root, keys)) {} }
        var searches = keys.map { Search($0.unretained, in: root.unretained) }
        // Some are over before they begin: their key is near the root.
        var open = searches.count { !$0.isOver }
        while open > 0 {
            for position in searches.indices where searches[position].advance() { open -= 1 }
        }
        for search in searches { search.prefetchFound() }
        for search in searches { body(search.found) }
    }

    /// A search that stops before each look at memory that may be far away.
    private struct Search {
        /// What has been asked for, and is looked at next.
        private enum Phase {
            case entries
            case key
            case child
            case node
            case over
        }

        private let wanted: ByteString.Unretained
        private var node: OrderedNode<Entry>.Unretained
        private var phase = Phase.over
        private var low = 0
        private var high = 0
        private(set) var found: UnsafePointer<Entry>?

        init(_ wanted: ByteString.Unretained, in root: OrderedNode<Entry>.Unretained) {
            self.wanted = wanted
            node = root
            begin(root)
        }

        private var middle: Int { (low &+ high) / 2 }

        /// Takes the next step.
        ///
        /// - Returns: whether it was the last one.
        mutating func advance() -> Bool {
            switch phase {
            case .entries: askForKey()
            case .key: compare()
            case .child:
                node.prefetchChild(low)
                phase = .node
            case .node: begin(node.child(low))
            case .over: return false
            }
            return isOver
        }

        /// Whether there is no further step.
        var isOver: Bool { phase == .over }

        /// The nodes above so many entries are few, and so near that stopping would take longer than looking.
        private static var farCount: Int { 4096 }

        private mutating func begin(_ start: OrderedNode<Entry>.Unretained) {
            node = start
            while node.count > Self.farCount {
                let (index, isFound) = node.search(wanted)
                if isFound {
                    found = node.entries.baseAddress! + index
                    phase = .over
                    return
                }
                node = node.child(index)
            }
            (low, high) = (0, node.entries.count)
            if high == 0 {
                phase = .over
            } else {
                node.prefetchEntries()
                phase = .entries
            }
        }

        /// Has what the entry refers to fetched, which its visitor will hold.
        func prefetchFound() {
            guard let found else { return }
            let words = UnsafeRawBufferPointer(start: found, count: MemoryLayout<Entry>.size)
            for word in words.bindMemory(to: UnsafeRawPointer?.self) { if let word { prefetch(word) } }
        }

        private mutating func compare() {
            let order = node.entries[middle].key.unretained.compare(wanted)
            if order == 0 {
                found = node.entries.baseAddress! + middle
                phase = .over
                return
            }
            if order < 0 { low = middle + 1 } else { high = middle }
            if low < high {
                askForKey()
            } else if node.isLeaf {
                phase = .over
            } else {
                prefetch(node.children.baseAddress! + low)
                phase = .child
            }
        }

        /// Asks for the key to compare with next.
        private mutating func askForKey() {
            ByteString.withUnretained(Entry.key(of: node.entries.baseAddress! + middle)) { prefetch($0.address) }
            phase = .key
        }
    }
}

extension OrderedNode.Unretained {
    /// Has all entries fetched, but not what they refer to.
    fileprivate func prefetchEntries() {
        let bytes = UnsafeRawBufferPointer(entries)
        for line in stride(from: 0, to: bytes.count, by: 64) { prefetch(bytes.baseAddress! + line) }
    }

    /// Has the arrays of a child fetched.
    fileprivate func prefetchChild(_ index: Int) {
        let words = UnsafeRawPointer(children.baseAddress! + index).assumingMemoryBound(to: UnsafeRawPointer?.self)
        for word in 0..<2 { if let array = words[word] { prefetch(array) } }
    }
}
