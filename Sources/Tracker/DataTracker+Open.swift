public import JSON
public import Logging
public import Store

/// What a tracker starts from.
struct LoadedState: Sendable {
    var snapshot: Snapshot
    var epoch: String
}

/// What was wrong with a pack that was to be on the stack at start.
public struct PackProblem: Error, Sendable {
    /// The pack's name.
    public let pack: String
    /// What is wrong, naming objects.
    public let messages: [String]

    /// The pack `pack` cannot be used because of `messages`.
    public init(pack: String, messages: [String]) {
        self.pack = pack
        self.messages = messages
    }
}

extension DataTracker {
    /// Opens a tracker: loads every object of `store`, puts `packs` and the stored packs on the stack, and re-checks what
    /// refers to pack content that is not what it was when the store was last used.
    ///
    /// - Parameters:
    ///   - store: holds the writable layer and uploaded packs.
    ///   - catalog: the object types.
    ///   - writable: the writable layer's `meta`.
    ///   - packs: layers that do not live in the store: basic, default, local.
    ///   - environment: time and randomness.
    ///   - logger: told of progress, and of the store's failures later.
    /// - Returns: the tracker, and the packs that could not be used and were left out.
    /// - Throws: `StoreError` when the store cannot be read, or holds what cannot be understood.
    public static func open(
        store: any KeyValueStore, catalog: Catalog, writable: JSONObject, packs: [Layer],
        environment: Environment = Environment(), logger: Logger
    ) throws(StoreError) -> (tracker: DataTracker, problems: [PackProblem]) {
        let loader = Loader(
            store: store, catalog: catalog, writable: writable, packs: packs, environment: environment, logger: logger)
        let epoch = try loader.epoch()
        let (snapshot, problems) = try loader.load()
        let loaded = LoadedState(snapshot: snapshot, epoch: epoch)
        let tracker = DataTracker(loaded, store: store, environment: environment, logger: logger) {
            () throws(StoreError) in try loader.load().snapshot
        }
        return (tracker, problems)
    }
}

/// Reads a store's content into a snapshot.
struct Loader {
    let store: any KeyValueStore
    let catalog: Catalog
    let writable: JSONObject
    let packs: [Layer]
    let environment: Environment
    let logger: Logger

    /// Everything that the store and the packs hold, and what is wrong with packs.
    func load() throws(StoreError) -> (snapshot: Snapshot, problems: [PackProblem]) {
        var state = Snapshot(catalog, stack: LayerStack(writable: writable))
        state.revision = try revision()
        let stored = try loadWritable(into: &state)
        let (draft, problems) = stacked(packs + stored, over: state)
        return (try catchUp(draft, of: stored, from: state), problems)
    }

    /// The store's epoch; a new store gets one.
    func epoch() throws(StoreError) -> String {
        if let bytes = try store.value(.metadata, key: StoreLayout.epochKey) {
            return String(decoding: bytes, as: UTF8.self)
        }
        let epoch = environment.uuid()
        var batch = WriteBatch()
        batch.put(.metadata, key: StoreLayout.epochKey, value: Array(epoch.utf8))
        try store.apply(batch)
        return epoch
    }

    /// The newest commit's number.
    func revision() throws(StoreError) -> Revision {
        Revision(StoreLayout.number(try store.value(.metadata, key: StoreLayout.revisionKey) ?? []))
    }

    /// Puts every stored object into its table.
    ///
    /// - Returns: the stored packs.
    func loadWritable(into state: inout Snapshot) throws(StoreError) -> [Layer] {
        var packs: [Layer] = []
        var unknown: [Prefix: Int] = [:]
        var rows = [[StoredObject]](repeating: [], count: catalog.types.count)
        try store.scan(.data, from: nil, upTo: nil, descending: false) { key, value throws(StoreError) in
            guard let id = StoreLayout.id(ofKey: key), value.count >= 8 || id.prefix == StoreLayout.packSection else {
                throw StoreError(.corrupt, "a data entry of \(store.locator) has a key or value of no known form")
            }
            if id.prefix == StoreLayout.packSection {
                guard let pack = Layer(encoded: Array(value)) else {
                    throw StoreError(.corrupt, "the content pack \(id.key) in \(store.locator) cannot be read")
                }
                packs.append(pack)
            } else if let position = catalog.position(id.prefix) {
                rows[position].append(
                    StoredObject(
                        key: id.key, document: JSONDocument(canonical: Array(value.dropFirst(8))),
                        revision: Revision(StoreLayout.number(value)), layer: .writable))
            } else {
                unknown[id.prefix, default: 0] += 1
            }
            return true
        }
        for (position, objects) in rows.enumerated() { state.tables[position].fill(objects) }
        for (prefix, count) in unknown {
            logger.warning(
                "stored objects of a type that is not declared are left alone",
                metadata: [
                    "type": "\(prefix)", "count": "\(count)",
                ])
        }
        return packs
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
            let before = known[change.id]?.object(change.id.key, in: draft.view.stack)
            if before?.document == after.document { continue }
            changed.append(
                ObjectChange(
                    id: change.id, before: before, after: after, action: before == nil ? .create : .update))
        }
        for id in known.keys.sorted(by: { $0.description < $1.description }) where shown[id] == nil {
            let before = known[id]?.object(id.key, in: draft.view.stack)
            changed.append(ObjectChange(id: id, before: before, after: draft.view[id], action: .delete))
        }
        draft.packs = [:]
        for pack in stored {
            guard let after = draft.view.stack[pack.name], after.objects != pack.objects else { continue }
            draft.packs[pack.name] = PackChange(before: pack, after: after)
        }
        return try commit(&draft, changed, known, from: state)
    }

    private func commit(
        _ draft: inout Draft, _ changed: [ObjectChange], _ known: [ObjectID: PastVersion], from state: Snapshot
    ) throws(StoreError) -> Snapshot {
        draft.changeList = ChangeList()
        for change in changed {
            draft.changeList.record(change)
            if let position = catalog.position(change.id.prefix) { draft.enlistDependants(of: change, at: position) }
        }
        do throws(TrackerError) { try draft.settle() } catch {
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
            packs: draft.packs)
        record.add(to: &batch)
        for id in known.keys where draft.view[id] == nil || draft.view[id]?.layer == .writable {
            batch.remove(.metadata, key: StoreLayout.packObjectKey(id))
        }
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
