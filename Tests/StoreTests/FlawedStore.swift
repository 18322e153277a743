import Store

/// A memory store with one deliberate mistake, to see that the contract finds it.
struct FlawedStore: KeyValueStore {
    enum Flaw: CaseIterable {
        case includesEnd, excludesStart, ignoresDescending, ignoresStop, mixesKeyspaces, losesEmptyValues, tearsBatches
        case reversesBatches, truncatesKeys, opensWhenClosed, forgetsOnReopen
    }

    let flaw: Flaw
    private let base = MemoryStore()

    init(_ flaw: Flaw) {
        self.flaw = flaw
    }

    var locator: StoreLocator { base.locator }
    var maximumKeyLength: Int { base.maximumKeyLength }
    var condition: StoreCondition { base.condition }

    func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try base.scan(
            flaw == .mixesKeyspaces ? .data : keyspace,
            from: flaw == .excludesStart ? from.map { $0 + [0] } : from,
            upTo: flaw == .includesEnd ? upTo.map { $0 + [0] } : upTo,
            descending: flaw == .ignoresDescending ? false : descending
        ) { (key, value) throws(StoreError) in
            if flaw == .losesEmptyValues, value.isEmpty { return true }
            return try visit(key, value) || flaw == .ignoresStop
        }
    }

    func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        try base.value(flaw == .mixesKeyspaces ? .data : keyspace, key: key)
    }

    func apply(_ batch: WriteBatch) throws(StoreError) {
        guard [.tearsBatches, .reversesBatches, .truncatesKeys, .mixesKeyspaces].contains(flaw) else {
            return try base.apply(batch)
        }
        var changed = WriteBatch()
        for operation in flaw == .reversesBatches ? batch.operations.reversed() : batch.operations {
            switch operation {
            case .put(let keyspace, let key, let value):
                let key = flaw == .truncatesKeys ? Array(key.prefix(1)) : key
                changed.put(flaw == .mixesKeyspaces ? .data : keyspace, key: key, value: value)
            case .remove(let keyspace, let key): changed.remove(keyspace, key: key)
            case .clear(let keyspace): changed.clear(keyspace)
            }
            if flaw == .tearsBatches {
                try base.apply(changed)
                changed = WriteBatch()
            }
        }
        try base.apply(changed)
    }

    func close() throws(StoreError) {
        if flaw != .opensWhenClosed { try base.close() }
    }
}
