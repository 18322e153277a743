/// A store in memory, for tests and trials: what it holds is lost when it is closed.
public final class MemoryStore: KeyValueStore {
    /// `memory:`, unless opened with another.
    public let locator: StoreLocator
    /// As in LMDB, so that what works here works there.
    public let maximumKeyLength = 511
    /// Never anything.
    public let condition = StoreCondition()

    private let gate = TransactionGate(Tables())

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
            try tables.scan(keyspace, from: from, upTo: upTo, descending: descending, visit)
        }
    }

    /// See `KeyValueStore`.
    public func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        try gate.read { tables throws(StoreError) in tables.value(keyspace, key: key) }
    }

    /// See `KeyValueStore`.
    public func apply(_ batch: WriteBatch) throws(StoreError) {
        if locator.isReadOnly { throw .openedReadOnly(locator) }
        try batch.checkKeys(maximumKeyLength: maximumKeyLength)
        // Nobody reads meanwhile, so a batch is seen as a whole.
        try gate.alone { tables throws(StoreError) in tables.apply(batch) }
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
