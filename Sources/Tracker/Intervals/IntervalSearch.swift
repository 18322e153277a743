/// Searches in the intervals of one resource.
extension OrderedTree<IntervalEntry> {
    /// Visits the intervals that overlap [`low`, `high`), in the order of the tree, until `body` answers false.
    ///
    /// Every subtree that is looked at either holds a match or is on the way to `high` or `after`: O((1 + matches) log n).
    ///
    /// - Parameter after: the key of the entry after which to begin; nil for the first.
    func forEachOverlap(
        from low: Int128, upTo high: Int128, after: ByteString? = nil, _ body: (UnsafePointer<IntervalEntry>) -> Bool
    ) {
        guard low < high else { return }
        let bound = IntervalEntry.key(start: high)
        defer { withExtendedLifetime((root, bound, after)) {} }
        _ = root.unretained.visitOverlaps(from: low, before: bound, after: after, body)
    }

    /// The latest end of the intervals that begin before `position`, or the least number there is; O(log n).
    func latestEnd(ofThoseBefore position: Int128) -> Int128 {
        let bound = IntervalEntry.key(start: position)
        defer { withExtendedLifetime((root, bound)) {} }
        return root.unretained.latestEnd(before: bound).end
    }

    /// The first slot of `length` at or after `start` that overlaps no interval.
    ///
    /// - Parameter limit: how many intervals to look at before giving up for now.
    func firstFree(from start: Int128, length: Int128, limit: Int) -> FreeSlot {
        // What begins at `start` or before matters only by its end; what begins later comes in order.
        var free = Swift.max(start, latestEnd(ofThoseBefore: start + 1))
        var (rest, isDone) = (limit, false)
        walk(ranks(from: IntervalEntry.key(start: start + 1), upTo: nil), descending: false) { entry in
            guard free < ObjectInterval.openEnd else { return false }
            if entry.pointee.start - free >= length { return false }
            guard rest > 0 else {
                isDone = true
                return false
            }
            rest -= 1
            free = Swift.max(free, entry.pointee.end)
            return true
        }
        if free == ObjectInterval.openEnd { return .none }
        return isDone ? .notBefore(IntervalPoint(position: free)) : .free(IntervalPoint(position: free))
    }
}

extension OrderedNode<IntervalEntry>.Unretained {
    /// - Returns: whether it came to the end.
    fileprivate func visitOverlaps(
        from low: Int128, before bound: ByteString, after: ByteString?, _ body: (UnsafePointer<IntervalEntry>) -> Bool
    ) -> Bool {
        let (position, isFound) = after.map { search($0) } ?? (0, false)
        let first = isFound ? position + 1 : position
        let last = search(bound).index
        guard first <= last else { return true }
        for index in first...last {
            if !isLeaf, children[index].summary.end > low {
                let isPartial = index == first && !isFound
                let child = child(index)
                guard child.visitOverlaps(from: low, before: bound, after: isPartial ? after : nil, body) else {
                    return false
                }
            }
            if index < last, entries[index].end > low, !body(entries.baseAddress! + index) { return false }
        }
        return true
    }

    fileprivate func latestEnd(before bound: ByteString) -> LatestEnd {
        var (node, latest) = (self, LatestEnd.empty)
        while true {
            let last = node.search(bound).index
            for index in 0..<last { latest.formUnion(node.entries[index].summary) }
            if node.isLeaf { return latest }
            for index in 0..<last { latest.formUnion(node.children[index].summary) }
            node = node.child(last)
        }
    }
}
