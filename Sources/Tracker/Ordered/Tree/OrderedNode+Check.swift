extension OrderedNode {
    /// What breaks the rules of the tree, or nil: fill, equal depth, counts, summaries, and the order of keys. It holds on to nothing.
    func violation() -> String? {
        if let problem = shape(isRoot: true).problem { return problem }
        var last: UnsafePointer<ByteString>?
        var problem: String?
        _ = unretained.walk(0..<count) { entry in
            let key = Entry.key(of: entry)
            if let last, last.pointee.compare(key.pointee) >= 0 {
                problem = "key \(key.pointee) does not come after \(last.pointee)"
            }
            last = key
            return problem == nil
        }
        return problem
    }

    private func shape(isRoot: Bool) -> (depth: Int, problem: String?) {
        if entries.count > Self.maximum || (!isRoot && entries.count < Self.minimum) {
            return (0, "a node has \(entries.count) entries")
        }
        var renewed = self
        renewed.summarize()
        if renewed.summary != summary { return (0, "a summary is \(summary), and should be \(renewed.summary)") }
        if isLeaf { return (0, count == entries.count ? nil : "a leaf of \(entries.count) entries counts \(count)") }
        if children.count != entries.count + 1 { return (0, "\(children.count) children for \(entries.count) entries") }
        var size = entries.count
        var depths: Set<Int> = []
        for child in children {
            let (depth, problem) = child.shape(isRoot: false)
            if let problem { return (depth, problem) }
            depths.insert(depth)
            size += child.count
        }
        if depths.count != 1 { return (0, "children of depths \(depths.sorted())") }
        return (depths.first! + 1, size == count ? nil : "a subtree of \(size) counts \(count)")
    }
}
