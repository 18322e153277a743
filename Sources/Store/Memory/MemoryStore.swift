/// A store in memory, for tests and trials: what it holds is lost when it is closed.
public final class MemoryStore: KeyValueStore {
    /// `memory:`, unless opened with another.
    public let locator: StoreLocator
    /// Always true: a batch is applied while nobody reads.
    public let isAtomic = true
    /// As in LMDB, so that what works here works there.
    public let maximumKeyLength = 511
    /// Never anything.
    public let condition = StoreCondition()

    private let gate = TransactionGate(
        [SortedTable<[UInt8]>](repeating: SortedTable(), count: Keyspace.allCases.count))

    /// Makes an empty store.
    ///
    /// - Throws: `badLocator` if the locator has options other than `codec` and `ro`.
    public init(_ locator: StoreLocator) throws(StoreError) {
        try locator.refuseOptions(otherThan: [])
        self.locator = locator
    }

    /// Makes an empty store.
    public init() {
        locator = .memory
    }

    /// See `KeyValueStore`.
    public func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try gate.read { tables throws(StoreError) in
            try tables[keyspace.ordinal].scan(
                from: from, upTo: upTo, descending: descending
            ) { entry throws(StoreError) in
                try entry.key.withBytes { key throws(StoreError) in
                    try entry.value.withBytes { value throws(StoreError) in try visit(key, value) }
                }
            }
        }
    }

    /// See `KeyValueStore`.
    public func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        try gate.read { tables throws(StoreError) in tables[keyspace.ordinal][key] }
    }

    /// See `KeyValueStore`.
    public func apply(_ batch: WriteBatch) throws(StoreError) {
        if locator.isReadOnly { throw .openedReadOnly(locator) }
        try batch.checkKeys(maximumKeyLength: maximumKeyLength)
        try gate.alone { tables throws(StoreError) in
            for operation in batch.operations {
                switch operation {
                case .put(let keyspace, let key, let value): tables[keyspace.ordinal].set(key, to: value)
                case .remove(let keyspace, let key): tables[keyspace.ordinal].remove(key)
                case .clear(let keyspace): tables[keyspace.ordinal] = SortedTable()
                }
            }
        }
    }

    /// See `KeyValueStore`.
    public func close() throws(StoreError) {
        try gate.close { _ in }
    }
}

extension StoreKind {
    /// Stores in memory.
    public static let memory = StoreKind("memory", form: "memory:") { (locator, _, _) throws(StoreError) in
        try MemoryStore(locator)
    }
}
