/// The keyspaces of a store in memory, each a sorted table.
struct Tables: Sendable {
    private var tables = [SortedTable<[UInt8]>](repeating: SortedTable(), count: Keyspace.allCases.count)

    /// Empty ones.
    init() {}

    /// The value under `key`, or nil.
    func value(_ keyspace: Keyspace, key: [UInt8]) -> [UInt8]? { tables[keyspace.ordinal][key] }

    /// All pairs of a keyspace, in the order of their keys.
    func entries(_ keyspace: Keyspace) -> [SortedTable<[UInt8]>.Entry] { tables[keyspace.ordinal].entries() }

    /// See `KeyValueStore`.
    func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try tables[keyspace.ordinal].scan(
            from: from, upTo: upTo, descending: descending
        ) { entry throws(StoreError) in
            try entry.key.withBytes { key throws(StoreError) in
                try entry.value.withBytes { value throws(StoreError) in try visit(key, value) }
            }
        }
    }

    /// Makes the changes of a batch.
    mutating func apply(_ batch: WriteBatch) {
        for operation in batch.operations {
            switch operation {
            case .put(let keyspace, let key, let value): tables[keyspace.ordinal].set(key, to: value)
            case .remove(let keyspace, let key): tables[keyspace.ordinal].remove(key)
            case .clear(let keyspace): tables[keyspace.ordinal] = SortedTable()
            }
        }
    }
}
