extension OrderedNode {
    /// A tree of sorted entries, as flat as it can be and evenly filled, in O(n).
    init(sorted entries: ArraySlice<Entry>) {
        var capacity = Self.maximum
        while capacity < entries.count { capacity = (capacity + 1) * (Self.maximum + 1) - 1 }
        self.init(sorted: entries, capacity: capacity)
    }

    /// A subtree of the height that has room for `capacity` entries.
    private init(sorted entries: ArraySlice<Entry>, capacity: Int) {
        count = entries.count
        guard capacity > Self.maximum else {
            self.entries = Array(entries)
            return
        }
        let childCapacity = (capacity + 1) / (Self.maximum + 1) - 1
        // With one separator counted to each child, and one too many in all, the division is even.
        let parts = (entries.count + 1 + childCapacity) / (childCapacity + 1)
        var rest = entries
        for part in 0..<parts {
            let size = (rest.count + 1) / (parts - part) - 1
            children.append(OrderedNode(sorted: rest.prefix(size), capacity: childCapacity))
            rest = rest.dropFirst(size)
            if let separator = rest.popFirst() { self.entries.append(separator) }
        }
    }
}
