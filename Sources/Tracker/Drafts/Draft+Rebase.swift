/// Drafts that were made beside the tracker while others committed.
extension Draft {
    /// Puts the draft's changes on a newer state, which differs from the one that it was made over only in what it did not look
    /// at, and not in types that it changes. Costs O(changes), and passes no rules again.
    ///
    /// - Parameter changedTypes: the types whose objects the draft changes.
    mutating func rebase(onto head: Snapshot, _ changedTypes: Set<TypeName>) {
        view.watch = nil
        guard head.revision.next != revision else { return }
        revision = head.revision.next
        let drafted = view
        view = head
        view.revision = revision
        if !packs.isEmpty { view.stack = drafted.stack }
        for (position, type) in view.catalog.types.enumerated() where changedTypes.contains(type.typeName) {
            view.tables[position] = drafted.tables[position]
        }
        changeList.restamp(revision)
        for change in changeList.changes {
            guard let after = change.after else { continue }  // One that is gone has no revision.
            view.tables[view.catalog.knownPosition(change.id.typeName)].restamp(after)
        }
    }
}

/// Drafts that were made in place and came to nothing.
extension Draft {
    /// Brings the state back to what it was before the draft; nothing else of the draft means anything afterwards.
    ///
    /// - Parameter stack: the layers as they were.
    mutating func revert(to stack: LayerStack) {
        for change in changeList.changes {
            let position = view.catalog.knownPosition(change.id.typeName)
            if let before = change.before {
                view.tables[position].put(before)
            } else {
                view.tables[position].remove(change.id.key)
            }
        }
        view.stack = stack
        view.revision = base
    }
}
