import Store

/// What it takes to undo a commit.
public struct UndoPlan: Sendable {
    /// The commit.
    public let record: HistoryRecord
    /// What it did to objects.
    public let changes: [RecordedChange]
    /// What it did to content packs.
    let packs: [RecordedChange]
    /// For objects and packs that were changed again: the newest commit that did.
    let later: [ObjectID: HistoryRecord]

    /// What undoing writes.
    public var scope: WriteScope {
        WriteScope(packs.isEmpty ? Set(changes.map(\.id.typeName)) : nil, count: changes.count)
    }
}

extension DataTracker {
    /// How much one may undo at once: all of it is held in memory, as it was and as it became.
    public static let undoBudget = WorkBudget(
        100_000, "pages of 4 KiB of objects to restore",
        remedy: "put the objects back in several change sets, from what GET /changes/{revision} tells of them")

    /// What it takes to undo the commit `revision`.
    ///
    /// - Parameter budget: how much it may restore.
    /// - Throws: `notFound` when there is no such commit yet, `forgotten` when it is too old, `overBudget` when it changed too
    ///   much.
    public nonisolated func undoPlan(
        for revision: Revision, within budget: WorkBudget = undoBudget
    ) async throws(TrackerError) -> UndoPlan {
        let record = try await record(of: revision)
        var (changes, meter): ([RecordedChange], WorkMeter) = ([], WorkMeter(budget))
        let entries = record.entries
        for start in stride(from: 0, to: entries.count, by: Self.changesAtOnce) {
            let part = try await self.changes(of: record, entries[start...].prefix(Self.changesAtOnce))
            try meter.spend(part.reduce(0) { $0 + $1.pageCount }, on: "changes", key: revision.description)
            changes += part
        }
        let restored = changes
        let present = snapshot
        let plan = try await history.read { history throws(StoreError) -> UndoPlan? in
            var packs: [RecordedChange] = []
            for pack in record.packs {
                guard let change = try history.packChange(pack.name, at: revision, present) else { return nil }
                packs.append(change)
            }
            var later: [ObjectID: HistoryRecord] = [:]
            for id in restored.map(\.id) + packs.map(\.id) {
                let newest = try history.revisions(of: id, through: present.revision, limit: 1).first
                if let newest, newest > revision { later[id] = try history.record(newest) }
            }
            return UndoPlan(record: record, changes: restored, packs: packs, later: later)
        }
        guard let plan else { throw await forgotten("revision \(revision)") }
        return plan
    }
}

extension StoredHistory {
    /// What the commit `revision` did to a pack; nil if that is forgotten.
    fileprivate func packChange(
        _ name: String, at revision: Revision, _ present: Snapshot
    ) throws(StoreError) -> RecordedChange? {
        let id = StoreLayout.packID(name)
        guard let before = try version(of: id, before: revision) else { return nil }
        let after = try version(of: id, at: revision) ?? PastVersion(pack: present.stack[name])
        return RecordedChange(id: id, action: .update, before: before, after: after)
    }
}

extension Draft {
    /// Undoes a commit. Objects that were changed since lose that too.
    ///
    /// - Throws: `conflict`, with a message for each object that was changed again, unless the request is forced or the
    ///   object has come back to what the commit left or found; as `restore`.
    public mutating func undo(_ plan: UndoPlan) throws(TrackerError) {
        if !request.isForced {
            let changed = (plan.changes + plan.packs).filter {
                view.catalog[$0.id.typeName]?.isSecret != true && !isAs($0.after, $0.id) && !isAs($0.before, $0.id)
            }
            guard changed.isEmpty else {
                let messages = changed.map { change in
                    let record = plan.later[change.id]
                    let place = record.map { " in revision \($0.revision) by \($0.principal)" } ?? ""
                    return "\(change.id) was changed again\(place)"
                }
                let remedy = "Undo the later changes first, or give force=true to lose them"
                throw TrackerError(.conflict, "changes", key: plan.record.revision.description, messages + [remedy])
            }
        }
        try restore(plan.changes, packs: plan.packs)
    }

    private func isAs(_ version: PastVersion, _ id: ObjectID) -> Bool {
        let present =
            id.typeName == StoreLayout.packSection
            ? PastVersion(pack: view.stack[id.key.string]) : PastVersion(view[id])
        return present.document == version.document
    }
}
