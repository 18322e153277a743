import Store

/// Adds to a store's batch what the commits of a group do to side data. What they remove is looked up in the store when they are
/// written, and in the batch, which may have been given entries before.
struct SideBatch {
    private let store: any KeyValueStore
    private let catalog: Catalog
    /// The keys that the batch touches, and how many bytes their entries have afterwards; nil where there is none.
    private var touched = OrderedMap<Int?>()
    /// The sizes of streams that are known from before.
    private let known: StreamSizes?
    /// What becomes of streams.
    private(set) var outcome = SideOutcome()

    /// - Parameter known: sizes of streams; nil to look up all.
    init(_ store: any KeyValueStore, _ catalog: Catalog, knowing known: StreamSizes? = nil) {
        self.store = store
        self.catalog = catalog
        self.known = known
    }

    /// Adds a draft's side changes, and forgets what belongs to the objects that its record says are gone.
    ///
    /// - Throws: why the store cannot be read.
    mutating func add(
        _ side: SideChanges, _ record: CommitRecord?, to batch: inout WriteBatch
    ) throws(StoreError) {
        let owned = record == nil ? [:] : catalog.sideKeyspacesOfOwners
        if let record, !side.isEmpty, !owned.isEmpty { noteNew(record, owned) }
        for change in side.changes {
            switch change {
            case .put(let key, let value): put(value, at: key, in: &batch)
            case .extend(let range, let value, let start):
                let size = try size(ofStream: range)
                let rest = value.dropFirst(Int(clamping: size - min(size, start ?? size)))
                guard !rest.isEmpty, start ?? size <= size else { continue }
                put(Array(rest), at: range.from + SideStream.item(size), in: &batch)
                outcome.sizes[range] = size + UInt64(rest.count)
            case .trim(let range, let from, let upTo, let limit):
                try remove(from, upTo, of: range, limit: limit, in: &batch)
            }
        }
        guard let record, !owned.isEmpty else { return }
        for change in record.changes where change.after == nil {
            for keyspace in owned[change.id.typeName] ?? [] {
                let range = SideRange(keyspace.name, change.id.key)
                try remove(range.from, range.upTo, of: range, limit: .max, in: &batch)
            }
        }
    }

    /// Streams of objects that come with the record are empty: with an object goes all that it had.
    private mutating func noteNew(_ record: CommitRecord, _ owned: [TypeName: [SideKeyspace]]) {
        for change in record.changes where change.before == nil {
            for keyspace in owned[change.id.typeName] ?? [] {
                outcome.sizes[SideRange(keyspace.name, change.id.key)] = 0
            }
        }
    }

    private mutating func put(_ value: [UInt8], at key: [UInt8], in batch: inout WriteBatch) {
        batch.put(.side, key: key, value: value)
        touched.updateValue(value.count, forKey: ByteString(key))
    }

    /// How many bytes a stream has: those up to the end of its last entry, in the store or in the batch.
    private func size(ofStream range: SideRange) throws(StoreError) -> UInt64 {
        if let size = outcome.sizes[range] { return size }
        if !outcome.shrunk.contains(range), let size = known?[range] { return size }
        func end(_ key: some Collection<UInt8>, _ count: Int) -> UInt64 {
            (SideStream.offset(key.dropFirst(range.from.count)) ?? 0) + UInt64(count)
        }
        var size: UInt64 = 0
        try store.scan(.side, from: range.from, upTo: range.upTo, descending: true) { key, value in
            if touched[ByteString(key)] != nil { return true }
            size = end(key, value.count)
            return false
        }
        touched.forEach(from: ByteString(range.from), upTo: ByteString(range.upTo)) { key, count in
            if let count { size = max(size, end(key.bytes, count)) }
            return true
        }
        return size
    }

    private mutating func remove(
        _ from: [UInt8], _ upTo: [UInt8], of range: SideRange, limit: Int, in batch: inout WriteBatch
    ) throws(StoreError) {
        guard limit > 0 else { return }
        outcome.sizes[range] = nil
        outcome.shrunk.insert(range)
        var keys: [ByteString] = []
        try store.scan(.side, from: from, upTo: upTo) { key, _ in
            let key = ByteString(key)
            if touched[key] == nil { keys.append(key) }
            return keys.count < limit
        }
        let stored = keys.count
        touched.forEach(from: ByteString(from), upTo: ByteString(upTo)) { key, count in
            if count != nil { keys.append(key) }
            return keys.count - stored < limit
        }
        if keys.count > stored { keys.sort() }
        for key in keys.prefix(limit) {
            batch.remove(.side, key: key.bytes)
            touched.updateValue(nil, forKey: key)
        }
    }
}
