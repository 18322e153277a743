extension OrderedNode.Unretained {
    /// Visits the entries of the given ranks in ascending order until `body` answers false.
    /// - Returns: Whether it came to the end.
    func walk(_ ranks: Range<Int>, _ body: (UnsafePointer<Entry>) throws -> Bool) rethrows -> Bool {
        if isLeaf {
            for rank in ranks where try !body(entries.baseAddress! + rank) { return false }
            return true
        }
        var start = 0
        for index in children.indices where start < ranks.upperBound {
            let end = start + children[index].count
            let part = ranks.clamped(to: start..<end)
            if !part.isEmpty, try !child(index).walk(part.shifted(by: -start), body) { return false }
            if ranks.contains(end), try !body(entries.baseAddress! + index) { return false }
            start = end + 1
        }
        return true
    }

    /// Visits the entries of the given ranks in descending order until `body` answers false.
    /// - Returns: Whether it came to the end.
    func walkBack(_ ranks: Range<Int>, _ body: (UnsafePointer<Entry>) throws -> Bool) rethrows -> Bool {
        if isLeaf {
            for rank in ranks.reversed() where try !body(entries.baseAddress! + rank) { return false }
            return true
        }
        var end = count
        for index in children.indices.reversed() where end >= ranks.lowerBound {
            if ranks.contains(end), try !body(entries.baseAddress! + index) { return false }
            let start = end - children[index].count
            let part = ranks.clamped(to: start..<end)
            if !part.isEmpty, try !child(index).walkBack(part.shifted(by: -start), body) { return false }
            end = start - 1
        }
        return true
    }
}

extension Range<Int> {
    fileprivate func shifted(by distance: Int) -> Range<Int> {
        lowerBound + distance..<upperBound + distance
    }
}
