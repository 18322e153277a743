extension OrderedNode {
    /// Changes the entry of `key` in place, or inserts a new one.
    /// - Parameters:
    ///   - change: Runs on the entry where there is one; it must leave the key alone.
    ///   - make: Makes the entry, with this very key, where there is none.
    /// - Returns: What `change` answered, or nil after an insertion, which may leave this node one entry too large.
    mutating func upsert<Result>(
        _ key: ByteString, change: (inout Entry) throws -> Result, make: () throws -> Entry
    ) rethrows -> Result? {
        defer { summarize() }
        let (index, found) = search(key)
        if found { return try change(&entries[index]) }
        if isLeaf {
            insert(try make(), at: index)
        } else {
            if let result = try children[index].upsert(key, change: change, make: make) { return result }
            if children[index].entries.count > Self.maximum { splitChild(at: index) }
        }
        count += 1
        return nil
    }

    /// Divides the full child at `index` in two, with its middle entry between them in this node.
    mutating func splitChild(at index: Int) {
        let (middle, right) = children[index].split()
        insert(middle, at: index)
        children.insert(right, at: index + 1)
    }

    /// Keeps the lower half and gives away the middle entry and the upper half.
    mutating func split() -> (middle: Entry, right: OrderedNode) {
        let half = entries.count / 2
        var right = OrderedNode(entries: Array(entries[(half + 1)...]))
        let middle = entries[half]
        entries = Array(entries[..<half])
        if !isLeaf {
            right.children = Array(children[(half + 1)...])
            children.removeSubrange((half + 1)...)
        }
        right.count = right.children.reduce(right.entries.count) { $0 + $1.count }
        count -= right.count + 1
        right.summarize()
        summarize()
        return (middle, right)
    }

    /// Puts `entry` at `index` of this node's own entries; the caller keeps `count` and the children in step.
    mutating func insert(_ entry: Entry, at index: Int) {
        if entries.count == entries.capacity { entries.reserveCapacity(entries.count + Self.growth) }
        entries.insert(entry, at: index)
    }
}
