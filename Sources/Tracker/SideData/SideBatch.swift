import Store

/// Adds to a store's batch what the commits of a group do to side data. What they remove is looked up in the store when they are
/// written, and in the batch, which may have been given entries before.
struct SideBatch {
    private let store: any KeyValueStore
    private let catalog: Catalog
    /// The keys that the batch touches, and whether there is an entry afterwards.
    private var touched = OrderedMap<Bool>()

    init(_ store: any KeyValueStore, _ catalog: Catalog) {
        self.store = store
        self.catalog = catalog
    }

    /// Adds a draft's side changes, and forgets what belongs to the objects that its record says are gone.
    ///
    /// - Throws: why the store cannot be read.
    mutating func add(
        _ side: SideChanges, _ record: CommitRecord?, to batch: inout WriteBatch
    ) throws(StoreError) {
        for change in side.changes {
            switch change {
            case .put(let key, let value):
                batch.put(.side, key: key, value: value)
                touched.updateValue(true, forKey: ByteString(key))
            case .trim(let from, let upTo, let limit): try remove(from, upTo, limit: limit, in: &batch)
            }
        }
        guard let record, !catalog.sideKeyspacesOfOwners.isEmpty else { return }
        for change in record.changes where change.after == nil {
            for keyspace in catalog.sideKeyspacesOfOwners[change.id.typeName] ?? [] {
                let range = StoreLayout.sideRange(keyspace.name, change.id.key)
                try remove(range.from, range.upTo, limit: .max, in: &batch)
            }
        }
    }

    private mutating func remove(
        _ from: [UInt8], _ upTo: [UInt8], limit: Int, in batch: inout WriteBatch
    ) throws(StoreError) {
        guard limit > 0 else { return }
        var keys: [ByteString] = []
        try store.scan(.side, from: from, upTo: upTo) { key, _ in
            let key = ByteString(key)
            if touched[key] == nil { keys.append(key) }
            return keys.count < limit
        }
        let stored = keys.count
        touched.forEach(from: ByteString(from), upTo: ByteString(upTo)) { key, isThere in
            if isThere { keys.append(key) }
            return keys.count - stored < limit
        }
        if keys.count > stored { keys.sort() }
        for key in keys.prefix(limit) {
            batch.remove(.side, key: key.bytes)
            touched.updateValue(false, forKey: key)
        }
    }
}
