import Basics
import JSON
import Logging
import Store

/// Reads a store's content into a snapshot.
struct Loader {
    let store: any KeyValueStore
    var catalog: Catalog
    let writable: JSONObject
    var packs: [Layer]
    let environment: Environment
    let logger: Logger
    /// The openings of the store, this one included.
    let epochs: Epochs

    /// Everything that the store and the packs hold, and what is wrong with packs.
    func load() throws(StoreError) -> (snapshot: Snapshot, problems: [PackProblem]) {
        let (state, stored) = try written()
        let (draft, problems) = stacked(packs + stored, over: state)
        return (try catchUp(draft, of: stored, from: state), problems)
    }

    /// What the store holds: the state of the writable layer alone, and the uploaded packs.
    func written() throws(StoreError) -> (state: Snapshot, packs: [Layer]) {
        var state = Snapshot(catalog, stack: LayerStack(catalog.layers, writable: writable))
        state.revision = try Self.revision(of: store)
        state.epochs = epochs
        let (tables, stored) = try StoreReader.read(store, catalog, logger: logger)
        state.tables = BoxedArray(tables)
        try state.readNumbers(from: store)
        return (state, stored)
    }

    /// The newest commit's number.
    static func revision(of store: any KeyValueStore) throws(StoreError) -> Revision {
        Revision(StoreLayout.number(try store.value(.metadata, key: StoreLayout.revisionKey) ?? []))
    }

    /// The stack with all packs that can be used, each one checked; problems of the others.
    func stacked(_ packs: [Layer], over state: Snapshot) -> (Draft, [PackProblem]) {
        var draft = Draft(
            over: state, request: .system("content changed while the server was down"), environment: environment)
        draft.sparesWritable = true
        var problems: [PackProblem] = []
        for pack in packs.sorted(by: { $0.kind > $1.kind }) {
            var attempt = draft
            do throws(TrackerError) {
                _ = try attempt.push(pack)
                draft = attempt
            } catch {
                problems.append(PackProblem(pack: pack.name, messages: error.messages))
            }
        }
        draft.sparesWritable = false
        return (draft, problems)
    }

    /// Commits the difference between the packs as they are and as the store last knew them, with all that follows from it.
    ///
    /// - Parameter stored: the packs of the store as they were read.
    func catchUp(_ stacked: Draft, of stored: [Layer], from state: Snapshot) throws(StoreError) -> Snapshot {
        var draft = stacked
        let known = try packObjects()
        let shown = Dictionary(uniqueKeysWithValues: draft.changeList.changes.map { ($0.id, $0) })
        var changed: [ObjectChange] = []
        for change in draft.changeList.changes {
            guard let after = change.after, after.layer != .writable else {
                // Values that are sealed because of what a pack says now.
                if change.before?.document != change.after?.document { changed.append(change) }
                continue
            }
            let before = known[change.id]?.object(change.id, in: draft.view)
            if before?.document == after.document { continue }
            changed.append(
                ObjectChange(
                    id: change.id, before: before, after: after, action: before == nil ? .create : .update))
        }
        for id in known.keys.sorted(by: { $0.description < $1.description }) where shown[id] == nil {
            let before = known[id]?.object(id, in: draft.view)
            changed.append(ObjectChange(id: id, before: before, after: draft.view[id], action: .delete))
        }
        draft.packs = [:]
        for pack in stored {
            guard let after = draft.view.stack[pack.name], after.objects != pack.objects else { continue }
            draft.packs[Identifier(pack.name)] = PackChange(before: pack, after: after)
        }
        return try commit(&draft, changed, known, from: state)
    }

    private func commit(
        _ draft: inout Draft, _ changed: [ObjectChange], _ known: [ObjectID: PastVersion], from state: Snapshot
    ) throws(StoreError) -> Snapshot {
        draft.changeList = ChangeList()
        for change in changed {
            draft.changeList.record(change)
            if let position = catalog.position(change.id.typeName) { draft.enlistDependants(of: change, at: position) }
        }
        do throws(TrackerError) { try draft.recheckDependants() } catch {
            throw StoreError(.corrupt, "stored objects cannot be checked again: \(error)")
        }
        let changes = draft.changeList.changes
        guard !changes.isEmpty || !draft.packs.isEmpty else {
            var snapshot = draft.view
            snapshot.revision = state.revision
            return snapshot
        }
        var batch = WriteBatch()
        let record = CommitRecord(
            revision: draft.revision, time: environment.now(), request: draft.request, changes: changes,
            packs: draft.packs, raisedNumbers: draft.raisedNumbers)
        record.add(to: &batch, keepingHistory: store.keepsHistory)
        batch.append(epochs.recording)
        for id in known.keys where draft.view[id] == nil || draft.view[id]?.layer == .writable {
            batch.remove(.metadata, key: StoreLayout.packObjectKey(id))
        }
        var side = SideBatch(store, catalog)
        try side.add(SideChanges(), record, to: &batch)
        try store.apply(batch)
        return draft.view
    }

    /// What packs showed when the store was last used.
    func packObjects() throws(StoreError) -> [ObjectID: PastVersion] {
        var known: [ObjectID: PastVersion] = [:]
        let start = StoreLayout.packObjectPrefix
        try store.scan(.metadata, from: start, upTo: Array("pack;".utf8), descending: false) { key, value in
            if let id = StoreLayout.id(ofKey: UnsafeRawBufferPointer(rebasing: key[start.count...])) {
                known[id] = PastVersion(encoded: Array(value))
            }
            return true
        }
        return known
    }
}
