/// Drafts that were made beside the tracker while others committed.
extension Draft {
    /// Puts the draft's changes on a newer state, which differs from the one that it was made over only in types that were
    /// not locked for it. Costs O(changes), and passes no rules again: nothing that they looked at has changed.
    mutating func rebase(onto head: Snapshot, _ locks: LockSet) {
        view.watch = nil
        guard head.revision.next != revision else { return }
        revision = head.revision.next
        let drafted = view
        view = head
        view.revision = revision
        if !packs.isEmpty { view.stack = drafted.stack }
        for (position, type) in view.catalog.types.enumerated() where locks.mayWrite(type.typeName) {
            view.tables[position] = drafted.tables[position]
        }
        changeList.restamp(revision)
        for change in changeList.changes {
            guard let after = change.after, let position = view.catalog.position(change.id.typeName) else { continue }
            view.tables[position].restamp(after)
        }
    }
}
