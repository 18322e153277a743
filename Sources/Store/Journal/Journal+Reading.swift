import Synchronization

extension Journal {
    /// The value under `key`, whether it is checkpointed or not.
    func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        // What is not found here is in LMDB already, where it may be replaced by something newer meanwhile: both were
        // the value at some moment during this call.
        if let change = state.withLock({ $0.memtable.change(keyspace, key: key) }) { return change }
        return try environment.value(keyspace, key: key)
    }

    /// See `KeyValueStore`.
    func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        var changes: (checkpointing: [Memtable.Change], recent: [Memtable.Change]) = ([], [])
        try environment.read { begin in
            // Under one lock, so that nothing is checkpointed in between, and what is read is the state of one moment.
            state.withLock { state in
                changes = state.memtable.changes(keyspace, from: from, upTo: upTo)
                return begin()
            }
        } _: { transaction throws(StoreError) in
            if changes.checkpointing.isEmpty, changes.recent.isEmpty {
                return try transaction.scan(keyspace, from: from, upTo: upTo, descending: descending, visit)
            }
            var merge = ChangesMerge(changes.checkpointing, changes.recent, descending: descending)
            var isStopped = false
            try transaction.scan(
                keyspace, from: from, upTo: upTo, descending: descending
            ) { key, value throws(StoreError) in
                isStopped = try !merge.visit(key, value, visit)
                return !isStopped
            }
            if !isStopped { try merge.visitRest(visit) }
        }
    }
}
