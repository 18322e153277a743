extension OrderedNode {
    /// Removes the entry of `key`, which must be present. It may leave this node one entry too small.
    mutating func remove(_ key: ByteString) -> Entry {
        defer { summarize() }
        count -= 1
        let (index, found) = search(key)
        if isLeaf { return entries.remove(at: index) }
        let removed: Entry
        if found {
            removed = entries[index]
            entries[index] = children[index].removeLast()
        } else {
            removed = children[index].remove(key)
        }
        refillChild(at: index)
        return removed
    }

    /// Removes the greatest entry. It may leave this node one entry too small.
    mutating func removeLast() -> Entry {
        defer { summarize() }
        count -= 1
        if isLeaf { return entries.removeLast() }
        let last = children.count - 1
        let removed = children[last].removeLast()
        refillChild(at: last)
        return removed
    }

    /// Brings a child that is too small back to the minimum: with an entry of a neighbour that can spare one, or by
    /// merging.
    private mutating func refillChild(at index: Int) {
        guard children[index].entries.count < Self.minimum else { return }
        if index > 0, children[index - 1].entries.count > Self.minimum {
            moveLastEntry(ofChildAt: index - 1)
        } else if index < entries.count, children[index + 1].entries.count > Self.minimum {
            moveFirstEntry(ofChildAt: index + 1)
        } else {
            mergeChild(at: index > 0 ? index - 1 : index)
        }
    }

    /// Turns the last entry of a child into the separator after it, and that separator into the first entry of the next
    /// child.
    private mutating func moveLastEntry(ofChildAt index: Int) {
        let separator = entries[index]
        entries[index] = children[index].entries.removeLast()
        children[index + 1].insert(separator, at: 0)
        var moved = 1
        if !children[index].isLeaf {
            let child = children[index].children.removeLast()
            children[index + 1].children.insert(child, at: 0)
            moved += child.count
        }
        children[index].count -= moved
        children[index + 1].count += moved
        children[index].summarize()
        children[index + 1].summarize()
    }

    /// Turns the first entry of a child into the separator before it, and that separator into the last entry of the
    /// child before.
    private mutating func moveFirstEntry(ofChildAt index: Int) {
        let separator = entries[index - 1]
        entries[index - 1] = children[index].entries.removeFirst()
        children[index - 1].insert(separator, at: children[index - 1].entries.count)
        var moved = 1
        if !children[index].isLeaf {
            let child = children[index].children.removeFirst()
            children[index - 1].children.append(child)
            moved += child.count
        }
        children[index].count -= moved
        children[index - 1].count += moved
        children[index].summarize()
        children[index - 1].summarize()
    }

    /// Joins the child at `index`, the separator after it and the next child into one.
    private mutating func mergeChild(at index: Int) {
        let separator = entries.remove(at: index)
        let right = children.remove(at: index + 1)
        children[index].entries.reserveCapacity(children[index].entries.count + 1 + right.entries.count)
        children[index].entries.append(separator)
        children[index].entries.append(contentsOf: right.entries)
        children[index].children.append(contentsOf: right.children)
        children[index].count += 1 + right.count
        children[index].summarize()
    }
}
