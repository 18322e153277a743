import JSON
import Store

extension DataTracker {
    /// How much of a past state is wanted.
    public enum PastScope: Sendable {
        /// Some objects; of all others the state is as it is now.
        case objects([ObjectID])
        /// All objects.
        case everything
    }

    /// The state of the objects at `revision`, by undoing in a copy of the present what happened since. The layers are
    /// those of then if everything is wanted, else those of now.
    ///
    /// - Throws: `notFound` when there is no such revision yet, `forgotten` when it is too old.
    public nonisolated func snapshot(
        at revision: Revision, _ scope: PastScope = .everything
    ) async throws(TrackerError) -> Snapshot {
        let present = snapshot
        guard revision <= present.revision else { throw noCommit(revision) }
        let past = try await history.read { history throws(StoreError) -> Snapshot? in
            var state = present
            state.revision = revision
            switch scope {
            case .objects(let ids):
                for id in ids {
                    if let version = try history.version(of: id, at: revision) { state.put(version, id) }
                }
            case .everything: try history.rewind(&state, from: present.revision, to: revision)
            }
            // Asked last, since what is being forgotten while it is read is missing.
            return try history.start() <= revision ? state : nil
        }
        guard let past else { throw await forgotten("the state at revision \(revision)") }
        return past
    }
}

extension StoredHistory {
    /// Turns the state at `newest` into that at `revision`: what changed since becomes what it was before it first did.
    fileprivate func rewind(_ state: inout Snapshot, from newest: Revision, to revision: Revision) throws(StoreError) {
        var seen: Set<ObjectID> = []
        var found: [(ObjectID, Revision)] = []
        var packs: [Identifier: Revision] = [:]
        try records(from: revision.next, through: newest) { record in
            for entry in record.entries where seen.insert(entry.id).inserted {
                found.append((entry.id, record.revision))
            }
            for pack in record.packs.map({ Identifier($0.name) }) where packs[pack] == nil {
                packs[pack] = record.revision
            }
            return true
        }
        // First, since objects name the layers that they came from.
        for (name, first) in packs.sorted(by: { $0.key < $1.key }) {
            guard let version = try version(of: StoreLayout.packID(name.text), before: first) else { continue }
            if let pack = version.pack { state.stack.push(pack) } else { state.stack.remove(name.text) }
        }
        for (id, first) in found {
            if let version = try version(of: id, before: first) { state.put(version, id) }
        }
    }
}

extension Snapshot {
    /// Makes `id` what it was; types that are not declared any more are left out.
    fileprivate mutating func put(_ version: PastVersion, _ id: ObjectID) {
        guard let position = catalog.position(id.prefix) else { return }
        if let object = version.object(id.key, in: stack) {
            tables[position].put(object)
        } else {
            tables[position].remove(id.key)
        }
    }
}
