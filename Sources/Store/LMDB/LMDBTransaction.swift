import CLMDB
import Glibc

/// One running LMDB transaction; valid only inside `LMDBEnvironment.transaction`.
struct LMDBTransaction {
    let pointer: OpaquePointer
    let databases: [MDB_dbi]
    let directory: String

    /// The value under `key`, in the map and valid until the transaction ends or writes.
    func value(_ database: MDB_dbi, key: [UInt8]) throws(StoreError) -> UnsafeRawBufferPointer? {
        var value = MDB_val()
        let result = key.withValue { key in mdb_get(pointer, database, key, &value) }
        // No key of that length can be there.
        if result == MDB_NOTFOUND || result == MDB_BAD_VALSIZE { return nil }
        try check(result, "reading")
        return value.bytes
    }

    /// Makes the changes of the batch, in order.
    func perform(_ batch: WriteBatch) throws(StoreError) {
        for operation in batch.operations {
            switch operation {
            case .put(let keyspace, let key, let value):
                try put(databases[keyspace.ordinal], key: key, value: value)
            case .remove(let keyspace, let key): try remove(databases[keyspace.ordinal], key: key)
            case .clear(let keyspace):
                try check(mdb_drop(pointer, databases[keyspace.ordinal], 0), "writing to")
            }
        }
    }

    /// Stores one value.
    func put(_ database: MDB_dbi, key: [UInt8], value: [UInt8]) throws(StoreError) {
        let result = key.withValue { key in value.withValue { value in mdb_put(pointer, database, key, value, 0) } }
        try check(result, "writing to")
    }

    /// Removes a key, if it is there.
    func remove(_ database: MDB_dbi, key: [UInt8]) throws(StoreError) {
        let result = key.withValue { mdb_del(pointer, database, $0, nil) }
        if result != MDB_NOTFOUND && result != MDB_BAD_VALSIZE { try check(result, "writing to") }
    }

    /// About how many bytes more would be stored after the batch; negative if it frees some. A key that the batch
    /// touches twice counts twice.
    func growth(of batch: WriteBatch) throws(StoreError) -> Int {
        var growth = 0
        for operation in batch.operations {
            switch operation {
            case .put(let keyspace, let key, let value):
                growth += try value.count - (self.value(databases[keyspace.ordinal], key: key)?.count ?? -key.count)
            case .remove(let keyspace, let key):
                if let value = try value(databases[keyspace.ordinal], key: key) { growth -= key.count + value.count }
            case .clear(let keyspace):
                growth -= try usedBytes(databases[keyspace.ordinal])
            }
        }
        return growth
    }

    /// Throws the error for an LMDB result other than success.
    func check(_ result: Int32, _ doing: String) throws(StoreError) {
        if result != 0 { throw .lmdb(result, doing: "\(doing) the store in", path: directory) }
    }

    private func usedBytes(_ database: MDB_dbi) throws(StoreError) -> Int {
        var statistics = MDB_stat()
        try check(mdb_stat(pointer, database, &statistics), "reading")
        let pages = statistics.ms_branch_pages + statistics.ms_leaf_pages + statistics.ms_overflow_pages
        return pages * Int(statistics.ms_psize)
    }
}

extension MDB_val {
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: mv_data, count: mv_size) }
}

extension [UInt8] {
    /// Lends the bytes to an LMDB call, which only reads them.
    func withValue<Result>(_ body: (UnsafeMutablePointer<MDB_val>) -> Result) -> Result {
        withUnsafeBytes { bytes in
            var value = MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            return body(&value)
        }
    }
}
