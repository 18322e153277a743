import JSON
import Store

/// Memory against store, a little at a time, each time at a moment when nothing is being written.
extension SelfCheck {
    /// Everything in memory must be in the store as it is, and everything in the store in memory.
    mutating func checkStore() async throws(TrackerError) {
        let (store, storeID, pending) = (tracker.store, tracker.storeID, pending)
        add(
            try await tracker.quietly { state throws(StoreError) in
                try StoreCheck(state: state, store: store, pending: pending).singleDifferences(storeID)
            })
        for table in state.tables { try await checkObjects(table.type.typeName, of: table.count) }
        try await checkOthers()
    }

    private mutating func checkObjects(_ typeName: TypeName, of all: Int) async throws(TrackerError) {
        let (store, pending) = (tracker.store, pending)
        var (cursor, done) = (ByteString?.none, 0)
        repeat {
            let from = cursor
            let part = try await tracker.quietly { state throws(StoreError) in
                let check = StoreCheck(state: state, store: store, pending: pending)
                return try check.comparison(typeName, from: from, limit: Self.step, size: Self.stepSize)
            }
            add(part.differences)
            count(objects: part.count)
            done += part.count
            cursor = part.next
            try pass("\(typeName) in the store", min(done, all), of: all)
        } while cursor != nil
    }

    /// What the store has beside the objects of known types.
    private mutating func checkOthers() async throws(TrackerError) {
        let (store, pending) = (tracker.store, pending)
        var cursor: [UInt8]? = []
        while let from = cursor {
            let (differences, next) = try await tracker.quietly { state throws(StoreError) in
                try StoreCheck(state: state, store: store, pending: pending).others(from: from, limit: Self.step)
            }
            add(differences)
            cursor = next
            try pass("other entries of the store", next == nil ? 1 : 0, of: 1)
        }
    }
}

/// Compares a state with the store that must hold it.
struct StoreCheck {
    let state: Snapshot
    let store: any KeyValueStore
    /// What a start would change first, and must not be compared.
    let pending: Set<ObjectID>

    /// What came of comparing a range of keys.
    struct Part: Sendable {
        var differences: [String]
        /// How many objects in memory were looked at.
        var count: Int
        /// The key to go on with; nil at the end of the type.
        var next: ByteString?
    }

    /// Compares the objects of a type from a key on with what the store has there: both are walked once, side by side.
    ///
    /// - Parameters:
    ///   - limit: the most objects to look at, and half of the most entries of the store.
    ///   - size: how many bytes of objects are enough.
    func comparison(
        _ typeName: TypeName, from: ByteString?, limit: Int, size: Int
    ) throws(StoreError) -> Part {
        guard let table = state[typeName] else { return Part(differences: [], count: 0) }
        let (rows, following) = Self.rows(of: table, from: from, limit: limit, size: size)
        var (walk, next, visits) = (StoreMerge(typeName, rows, pending), following, 2 * limit)
        let start = StoreLayout.objectKey(ObjectID(typeName, from ?? .empty))
        let end = following.map { StoreLayout.objectKey(ObjectID(typeName, $0)) } ?? StoreLayout.end(of: typeName)
        try store.scan(.data, from: start, upTo: end) { key, value in
            let key = UnsafeRawBufferPointer(rebasing: key[(typeName.rawValue.utf8.count + 1)...])
            guard visits > 0 else {
                next = ByteString(key)
                return false
            }
            visits -= 1
            walk.take(key, value)
            return true
        }
        walk.finish(before: next)
        var differences = walk.differences
        for row in rows.prefix(walk.count) where row.isFromPack {
            differences += try memoryLapses(ObjectID(typeName, row.key), row)
        }
        return Part(differences: differences, count: walk.count, next: next)
    }

    /// Some objects of a table, and the key of the one after them.
    private static func rows(
        of table: Table, from: ByteString?, limit: Int, size: Int
    ) -> (rows: [StoredObject], next: ByteString?) {
        var (rows, rest, next): ([StoredObject], Int, ByteString?) = ([], size, nil)
        let tree = table.objects.tree
        tree.walk(tree.ranks(from: from, upTo: nil), descending: false) { row in
            guard rest > 0, rows.count < limit else {
                next = row.pointee.value.key
                return false
            }
            rows.append(row.pointee.value)
            rest -= row.pointee.value.document.bytes.count
            return true
        }
        return (rows, next)
    }

    /// Whether the store remembers what packs show of an object.
    private func memoryLapses(_ id: ObjectID, _ object: StoredObject) throws(StoreError) -> [String] {
        if pending.contains(id) { return [] }
        let remembered = try store.value(.metadata, key: StoreLayout.packObjectKey(id))
        let isSame = remembered.flatMap(PastVersion.init(encoded:))?.document == object.document
        return isSame ? [] : ["\(id) is not remembered in the store as content packs show it"]
    }
}

extension StoreCheck {
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
        differences += try sequenceDifferences()
        for layer in state.stack.layers where layer.kind.isStored {
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
            if state.catalog[id.typeName] != nil, state[id]?.isFromPack != true, !pending.contains(id) {
                differences.append("\(id) is remembered in the store as a pack's, but no pack shows it")
            }
            return true
        }
        return differences
    }

    /// What the store has from a key on that is no object of a known type, and memory has not. Such objects are passed over.
    ///
    /// - Returns: also where to go on; nil at the end.
    func others(from: [UInt8], limit: Int) throws(StoreError) -> ([String], next: [UInt8]?) {
        var (differences, rest, next): ([String], Int, [UInt8]?) = ([], limit, nil)
        try store.scan(.data, from: from) { key, _ in
            guard rest > 0 else {
                next = Array(key)
                return false
            }
            rest -= 1
            guard let id = StoreLayout.id(ofKey: key) else {
                differences.append("the store has a key of no known form")
                return true
            }
            if state.catalog[id.typeName] != nil {
                next = StoreLayout.end(of: id.typeName)
                return false
            }
            if id.typeName == StoreLayout.packSection, state.stack[id.key.string] == nil {
                differences.append("the store has a content pack \(id.key) that is not used")
            }
            return true
        }
        return (differences, next)
    }
}
