import JSON
import Store

/// One small step of a backup: some entries, and where to go on.
struct BackupStep: Sendable {
    typealias Frames = [(kind: BackupFrame.Kind, content: [UInt8])]

    let part: BackupProducer.Part
    let state: Snapshot
    /// Where the backup ends that this one goes on from.
    let since: Revision?

    /// How many entries one step reads, and how many bytes are enough.
    private static let most = (entries: 2000, bytes: BackupProducer.chunkSize)

    func frames(_ history: StoredHistory) throws(StoreError) -> (Frames, next: BackupProducer.Part) {
        switch part {
        case .header:
            if let since { ([], .commits(after: since)) } else { ([], .commits(after: try firstCommit(history))) }
        case .commits(let last): try commits(history, after: last)
        case .versions(let from): try versions(history, from: from)
        case .objects(let table, let rank): objects(table, rank)
        case .others(let from): try others(history, from: from)
        case .names(let from): try names(history, from: from)
        case .state: (stateFrames(), .side(from: []))
        case .side(let from): try side(history, from: from)
        case .end, .nothing: ([], .nothing)
        }
    }

    /// The revision before the oldest commit that has a record.
    private func firstCommit(_ history: StoredHistory) throws(StoreError) -> Revision {
        let start = try history.start()
        return start == .zero ? .zero : Revision(start.number - 1)
    }

    private func commits(_ history: StoredHistory, after last: Revision) throws(StoreError) -> (
        Frames, BackupProducer.Part
    ) {
        var (frames, size, newest, isDone) = (Frames(), 0, last, true)
        let (low, high) = (StoreLayout.commitKey(last.next), StoreLayout.commitKey(state.revision.next))
        try history.store.scan(.commits, from: low, upTo: high) { (key, value) throws(StoreError) in
            guard frames.count < Self.most.entries, size < Self.most.bytes else {
                isDone = false
                return false
            }
            newest = Revision(StoreLayout.number(key))
            frames.append((.commit, BackupFrame.pair(Array(key), value)))
            size += value.count
            if since != nil { size += try changes(of: HistoryRecord(stored: value), history, &frames) }
            return true
        }
        if !isDone { return (frames, .commits(after: newest)) }
        // What changed since another backup came with the commits.
        return (frames, since == nil ? .versions(from: []) : .objects(table: 0, rank: 0))
    }

    /// What a commit left in history, and what it took away.
    ///
    /// - Returns: how many bytes that is.
    private func changes(
        of record: HistoryRecord, _ history: StoredHistory, _ frames: inout Frames
    ) throws(StoreError) -> Int {
        var size = 0
        for entry in record.entries {
            size += try version(of: entry.id, record.revision, history, &frames)
            if state[entry.id]?.layer != .writable {
                frames.append((.removal, BackupFrame.pair(StoreLayout.objectKey(entry.id), [])))
            }
        }
        for (name, _) in record.packs {
            size += try version(of: StoreLayout.packID(name), record.revision, history, &frames)
            guard let pack = state.stack[name], pack.kind.isStored else {
                frames.append((.removal, BackupFrame.pair(StoreLayout.packKey(name), [])))
                continue
            }
            frames.append((.data, BackupFrame.pair(StoreLayout.packKey(name), pack.encoded)))
        }
        return size
    }

    private func version(
        of id: ObjectID, _ revision: Revision, _ history: StoredHistory, _ frames: inout Frames
    ) throws(StoreError) -> Int {
        let key = StoreLayout.versionKey(id, revision)
        guard let value = try history.store.value(.versions, key: key) else { return 0 }
        frames.append((.version, BackupFrame.pair(key, value)))
        return value.count
    }

    private func versions(_ history: StoredHistory, from: [UInt8]) throws(StoreError) -> (Frames, BackupProducer.Part) {
        let newest = state.revision.number
        let (frames, next) = try entries(.versions, as: .version, history, from: from) { key in
            StoreLayout.number(key.suffix(8)) <= newest
        }
        return (frames, next.map { .versions(from: $0) } ?? .objects(table: 0, rank: 0))
    }

    private func side(_ history: StoredHistory, from: [UInt8]) throws(StoreError) -> (Frames, BackupProducer.Part) {
        let omitted = state.catalog.sideKeyspaces.filter { !$0.isBackedUp }.map { Array($0.name.rawValue.utf8) + [0] }
        let (frames, next) = try entries(.side, as: .side, history, from: from) { key in
            !omitted.contains { key.starts(with: $0) }
        }
        return (frames, next.map { .side(from: $0) } ?? .end)
    }

    /// Named values that are not told by the state.
    private func names(_ history: StoredHistory, from: [UInt8]) throws(StoreError) -> (Frames, BackupProducer.Part) {
        let (frames, next) = try entries(.metadata, as: .metadata, history, from: from) { key in
            !StoreLayout.isOfState(metadataKey: key)
        }
        return (frames, next.map { .names(from: $0) } ?? .state)
    }

    /// Some entries of a keyspace, and where to go on.
    private func entries(
        _ keyspace: Keyspace, as kind: BackupFrame.Kind, _ history: StoredHistory, from: [UInt8],
        where isWanted: (UnsafeRawBufferPointer) -> Bool
    ) throws(StoreError) -> (Frames, next: [UInt8]?) {
        var (frames, visits, size, next): (Frames, Int, Int, [UInt8]?) = ([], 0, 0, nil)
        try history.store.scan(keyspace, from: from, upTo: nil, descending: false) { key, value in
            guard visits < Self.most.entries, size < Self.most.bytes else {
                next = Array(key)
                return false
            }
            visits += 1
            guard isWanted(key) else { return true }
            frames.append((kind, BackupFrame.pair(Array(key), value)))
            size += value.count
            return true
        }
        return (frames, next)
    }
}

extension BackupStep {
    /// Some objects of a table, as the writable layer and the packs show them.
    private func objects(_ index: Int, _ rank: Int) -> (Frames, BackupProducer.Part) {
        guard index < state.tables.count else { return (since == nil ? packs : [], .others(from: [])) }
        let table = state.tables[index]
        var (frames, size, next) = (Frames(), 0, rank)
        table.objects.tree.walk(rank..<min(rank + Self.most.entries, table.count), descending: false) { row in
            let row = row.pointee.value
            let id = ObjectID(table.type.typeName, row.key)
            if row.isFromPack {
                frames.append(
                    (.metadata, BackupFrame.pair(StoreLayout.packObjectKey(id), PastVersion(row).encoded)))
            } else if since.map({ row.revision > $0 }) ?? true {
                frames.append((.data, BackupFrame.pair(StoreLayout.objectKey(id), StoreLayout.value(of: row))))
            }
            (next, size) = (next + 1, size + row.document.bytes.count)
            return size < Self.most.bytes
        }
        return (frames, next < table.count ? .objects(table: index, rank: next) : .objects(table: index + 1, rank: 0))
    }

    /// The packs that the store keeps.
    private var packs: Frames {
        state.stack.layers.filter(\.kind.isStored).map { layer in
            (.data, BackupFrame.pair(StoreLayout.packKey(layer.name), layer.encoded))
        }
    }

    /// Objects of types that are not declared: nobody writes them, and they must not be lost.
    private func others(_ history: StoredHistory, from: [UInt8]) throws(StoreError) -> (Frames, BackupProducer.Part) {
        var (frames, size, next): (Frames, Int, [UInt8]?) = ([], 0, nil)
        let catalog = state.catalog
        try history.store.scan(.data, from: from, upTo: nil, descending: false) { key, value in
            guard frames.count < Self.most.entries, size < Self.most.bytes else {
                next = Array(key)
                return false
            }
            if let id = StoreLayout.id(ofKey: key),
                catalog[id.typeName] != nil || id.typeName == StoreLayout.packSection
            {
                next = StoreLayout.end(of: id.typeName)
                return false
            }
            frames.append((.data, BackupFrame.pair(Array(key), value)))
            size += value.count
            return true
        }
        return (frames, next.map { .others(from: $0) } ?? .names(from: []))
    }

    /// The named values that belong to the state of the revision.
    private func stateFrames() -> Frames {
        var batch = WriteBatch()
        batch.put(.metadata, key: StoreLayout.revisionKey, value: StoreLayout.bytes(state.revision.number))
        for epoch in state.epochs.written(through: state.revision) {
            batch.put(.metadata, key: StoreLayout.epochKey(epoch.first), value: StoreLayout.bytes(epoch.mark))
        }
        batch.append(state.numberRecording)
        return batch.operations.compactMap { operation in
            guard case .put(_, let key, let value) = operation else { return nil }
            return (.metadata, BackupFrame.pair(key, value))
        }
    }
}

extension StoreLayout {
    private static let statePrefixes = ["epoch:", "pack:", "sequence:", "answer:", "answered:"].map { Array($0.utf8) }

    /// Whether a named value follows from the state of a revision, or is of no use to another store: answers to requests.
    static func isOfState(metadataKey key: UnsafeRawBufferPointer) -> Bool {
        key.elementsEqual(revisionKey) || key.elementsEqual(historyKey)
            || statePrefixes.contains { key.starts(with: $0) }
    }
}
