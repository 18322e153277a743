import CLMDB

/// About how many bytes more would be stored after a batch; negative if it frees some.
struct BatchGrowth {
    /// In all keyspaces.
    var all = 0
    /// In `data`, which is what there is now: a removal makes it smaller, though it makes the past larger.
    var present = 0

    /// Whether it may use the reserve beyond a full map, of which `left` bytes of `reserve` are left.
    ///
    /// What frees bytes always may. What removes objects may use one half, so that the other is left for forgetting the past
    /// that this makes.
    func mayUse(reserve: Int, left: Int) -> Bool {
        all < 0 || present < 0 && left - all > reserve / 2
    }
}

extension LMDBTransaction {
    /// How a batch makes the store grow. A key that it touches twice counts twice.
    func growth(of batch: WriteBatch) throws(StoreError) -> BatchGrowth {
        var sum = BatchGrowth()
        for operation in batch.operations {
            let (keyspace, bytes) = try growth(of: operation)
            sum.all += bytes
            if keyspace == .data { sum.present += bytes }
        }
        return sum
    }

    private func growth(of operation: WriteBatch.Operation) throws(StoreError) -> (Keyspace, Int) {
        switch operation {
        case .put(let keyspace, let key, let value):
            let old = try rawValue(databases[keyspace.ordinal], key: key)?.count
            return (keyspace, value.count + ValueEnvelope.overhead - (old ?? -key.count))
        case .remove(let keyspace, let key):
            let old = try rawValue(databases[keyspace.ordinal], key: key)
            return (keyspace, old.map { -key.count - $0.count } ?? 0)
        case .clear(let keyspace): return (keyspace, -(try usedBytes(databases[keyspace.ordinal])))
        }
    }

    /// How many entries all keyspaces have.
    func entryCount() throws(StoreError) -> Int {
        var count = 0
        for database in databases where database != Self.noDatabase {
            var statistics = MDB_stat()
            try check(mdb_stat(pointer, database, &statistics), "reading")
            count += statistics.ms_entries
        }
        return count
    }

    private func usedBytes(_ database: MDB_dbi) throws(StoreError) -> Int {
        var statistics = MDB_stat()
        try check(mdb_stat(pointer, database, &statistics), "reading")
        let pages = statistics.ms_branch_pages + statistics.ms_leaf_pages + statistics.ms_overflow_pages
        return pages * Int(statistics.ms_psize)
    }
}
