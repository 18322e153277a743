extension OrderedNode {
    /// What breaks the rules of the tree, or nil: order, fill, equal depth, and counts. For tests.
    func violation() -> String? {
        var keys: [ByteString] = []
        if let problem = violation(isRoot: true, keys: &keys).problem { return problem }
        guard let index = keys.indices.dropFirst().first(where: { !(keys[$0 - 1] < keys[$0]) }) else { return nil }
        return "key \(keys[index]) does not come after \(keys[index - 1])"
    }

    private func violation(isRoot: Bool, keys: inout [ByteString]) -> (depth: Int, problem: String?) {
        if entries.count > Self.maximum || (!isRoot && entries.count < Self.minimum) {
            return (0, "a node has \(entries.count) entries")
        }
        if isLeaf {
            keys += entries.map(\.key)
            return (0, count == entries.count ? nil : "a leaf of \(entries.count) entries counts \(count)")
        }
        if children.count != entries.count + 1 { return (0, "\(children.count) children for \(entries.count) entries") }
        let start = keys.count
        var depths: Set<Int> = []
        for (index, child) in children.enumerated() {
            let (depth, problem) = child.violation(isRoot: false, keys: &keys)
            if let problem { return (depth, problem) }
            depths.insert(depth)
            if index < entries.count { keys.append(entries[index].key) }
        }
        if depths.count != 1 { return (0, "children of depths \(depths.sorted())") }
        return (
            depths.first! + 1, keys.count - start == count ? nil : "a subtree of \(keys.count - start) counts \(count)"
        )
    }
}
