import Store

/// Memory against store, a few objects at a time, each time at a moment when nothing is being written.
extension SelfCheck {
    /// Everything in memory must be in the store as it is.
    mutating func checkMemoryAgainstStore() async throws(TrackerError) {
        for table in state.tables {
            for rank in stride(from: 0, to: table.count, by: Self.step) {
                var ids: [ObjectID] = []
                table.objects.forEach(fromRank: rank) { key, _ in
                    ids.append(ObjectID(table.type.prefix, key))
                    return ids.count < Self.step
                }
                let (step, store, pending) = (ids, tracker.store, pending)
                add(
                    try await tracker.quietly { state throws(StoreError) in
                        try StoreCheck(state: state, store: store, pending: pending).differences(of: step)
                    })
                count(objects: ids.count)
                try pass("\(table.type.prefix) in the store", rank + ids.count, of: table.count)
            }
        }
    }

    /// Everything in the store must be in memory.
    mutating func checkStoreAgainstMemory() async throws(TrackerError) {
        let (store, storeID, pending) = (tracker.store, tracker.storeID, pending)
        add(
            try await tracker.quietly { state throws(StoreError) in
                try StoreCheck(state: state, store: store, pending: pending).singleDifferences(storeID)
            })
        var (cursor, done) = ([UInt8]?.none, 0)
        repeat {
            let from = cursor
            let (differences, next) = try await tracker.quietly { state throws(StoreError) in
                try StoreCheck(state: state, store: store, pending: pending).strays(from: from, limit: Self.step)
            }
            add(differences)
            cursor = next
            done += Self.step
            try pass("entries of the store", next == nil ? state.objectCount : done, of: state.objectCount)
        } while cursor != nil
    }
}

/// Compares a state with the store that must hold it.
struct StoreCheck {
    let state: Snapshot
    let store: any KeyValueStore
    /// What a start would change first, and must not be compared.
    let pending: Set<ObjectID>

    /// What of `ids` is not in the store as it is in memory.
    func differences(of ids: [ObjectID]) throws(StoreError) -> [String] {
        var differences: [String] = []
        for id in ids where !pending.contains(id) {
            let object = state[id]
            let written = object.flatMap { $0.isFromPack ? nil : StoreLayout.value(of: $0) }
            if try store.value(.data, key: StoreLayout.objectKey(id)) != written {
                differences.append("\(id) in the store is not the object in memory")
            }
            let packed = try store.value(.metadata, key: StoreLayout.packObjectKey(id)).flatMap(
                PastVersion.init(encoded:))
            let shown = object.flatMap { $0.isFromPack ? $0.document : nil }
            if packed?.document != shown {
                differences.append("\(id) is not remembered in the store as content packs show it")
            }
        }
        return differences
    }

    /// What of the things that there is one of does not agree: identity, revision, epochs, content
    /// packs.
    func singleDifferences(_ storeID: String) throws(StoreError) -> [String] {
        var differences: [String] = []
        let stored = StoreLayout.number(try store.value(.metadata, key: StoreLayout.revisionKey) ?? [])
        if stored != state.revision.number {
            differences.append("the store is at revision \(stored), memory at \(state.revision)")
        }
        if try store.value(.metadata, key: StoreLayout.storeIDKey) != Array(storeID.utf8) {
            differences.append("the store has another identity than memory")
        }
        if try Epochs.recorded(in: store) != state.epochs.written(through: state.revision) {
            differences.append("the store has other epochs than memory")
        }
        for layer in state.stack.layers where layer.kind == .dynamic {
            if pending.contains(StoreLayout.packID(layer.name)) { continue }
            if try store.value(.data, key: StoreLayout.packKey(layer.name)) != layer.encoded {
                differences.append("the content pack \(layer.name) in the store is not the one in memory")
            }
        }
        try store.scan(.metadata, from: StoreLayout.packObjectPrefix, upTo: Array("pack;".utf8)) { key, _ in
            let id = StoreLayout.id(
                ofKey: UnsafeRawBufferPointer(rebasing: key[StoreLayout.packObjectPrefix.count...]))
            guard let id else {
                differences.append("the store remembers a pack's object under a key of no known form")
                return true
            }
            if state.catalog[id.prefix] != nil, state[id]?.isFromPack != true, !pending.contains(id) {
                differences.append("\(id) is remembered in the store as a pack's, but no pack shows it")
            }
            return true
        }
        return differences
    }

    /// What the store has that memory has not, among up to `limit` entries from a key on.
    ///
    /// - Returns: also where to go on; nil at the end.
    func strays(from: [UInt8]?, limit: Int) throws(StoreError) -> ([String], next: [UInt8]?) {
        var differences: [String] = []
        var rest = limit
        var next: [UInt8]?
        try store.scan(.data, from: from) { key, value in
            guard rest > 0 else {
                next = Array(key)
                return false
            }
            rest -= 1
            guard let id = StoreLayout.id(ofKey: key) else {
                differences.append("the store has a key of no known form")
                return true
            }
            if id.prefix == StoreLayout.packSection {
                if state.stack[id.key.string] == nil {
                    differences.append("the store has a content pack \(id.key) that is not used")
                }
            } else if state.catalog[id.prefix] != nil, state[id].map(\.isFromPack) != false {
                differences.append("\(id) is in the store and not in memory")
            }
            return true
        }
        return (differences, next)
    }
}
