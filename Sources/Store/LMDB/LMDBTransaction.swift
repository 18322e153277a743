import CLMDB
import Glibc

/// One running LMDB transaction; valid only inside `LMDBEnvironment.transaction`.
struct LMDBTransaction {
    let pointer: OpaquePointer
    let databases: [MDB_dbi]
    let directory: String
    /// Whether values have checksums, as they do since format 3.
    let isChecked: Bool
    /// Told of what is read.
    let pages: VisitedPages

    /// The value under `key`, in the map and valid until the transaction ends or writes.
    ///
    /// - Throws: `corrupt` if it is not as it was written.
    func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> UnsafeRawBufferPointer? {
        guard let bytes = try rawValue(databases[keyspace.ordinal], key: key) else { return nil }
        return isChecked ? try opened(bytes, key: key, in: keyspace.ordinal, keyspace.rawValue) : bytes
    }

    /// What LMDB has under `key`, checksum and all.
    func rawValue(_ database: MDB_dbi, key: [UInt8]) throws(StoreError) -> UnsafeRawBufferPointer? {
        if database == Self.noDatabase { return nil }
        var value = MDB_val()
        let result = key.withValue { key in mdb_get(pointer, database, key, &value) }
        // No key of that length can be there.
        if result == MDB_NOTFOUND || result == MDB_BAD_VALSIZE { return nil }
        try check(result, "reading")
        pages.add(value.mv_size + VisitedPages.blockSize)
        return value.bytes
    }

    /// Makes the changes of the batch, in order.
    func perform(_ batch: WriteBatch) throws(StoreError) {
        for operation in batch.operations {
            pages.add(VisitedPages.blockSize)
            switch operation {
            case .put(let keyspace, let key, let value): try put(keyspace, key: key, value: value)
            case .remove(let keyspace, let key): try remove(databases[keyspace.ordinal], key: key)
            case .clear(let keyspace):
                try check(mdb_drop(pointer, databases[keyspace.ordinal], 0), "writing to")
            }
        }
    }

    /// Stores one value, through a cursor of the keyspace if there is one.
    func put(
        _ keyspace: Keyspace, key: [UInt8], value: [UInt8], _ cursor: OpaquePointer? = nil
    ) throws(StoreError) {
        let database = databases[keyspace.ordinal]
        if isChecked { return try sealedPut(database, key: key, value: value, in: keyspace.ordinal, cursor) }
        try rawPut(database, key: key, value: value)
    }

    /// Stores one value with its checksum, which is computed in the map's own page.
    func sealedPut(
        _ database: MDB_dbi, key: [UInt8], value: [UInt8], in place: Int, _ cursor: OpaquePointer? = nil
    ) throws(StoreError) {
        var target = MDB_val(mv_size: value.count + ValueEnvelope.overhead, mv_data: nil)
        let result = key.withValue { key in
            let result =
                if let cursor {
                    mdb_cursor_put(cursor, key, &target, UInt32(MDB_RESERVE))
                } else {
                    mdb_put(pointer, database, key, &target, UInt32(MDB_RESERVE))
                }
            guard result == 0 else { return result }
            let bytes = UnsafeMutableRawBufferPointer(start: target.mv_data, count: target.mv_size)
            value.withUnsafeBytes { ValueEnvelope.seal($0, key: key.pointee.bytes, in: place, into: bytes) }
            return result
        }
        try check(result, "writing to")
    }

    /// Stores bytes as they are.
    func rawPut(_ database: MDB_dbi, key: [UInt8], value: [UInt8]) throws(StoreError) {
        let result = key.withValue { key in value.withValue { value in mdb_put(pointer, database, key, value, 0) } }
        try check(result, "writing to")
    }

    /// Removes a key, if it is there.
    func remove(_ database: MDB_dbi, key: [UInt8]) throws(StoreError) {
        let result = key.withValue { mdb_del(pointer, database, $0, nil) }
        if result != MDB_NOTFOUND && result != MDB_BAD_VALSIZE { try check(result, "writing to") }
    }

    /// The value in an envelope.
    ///
    /// - Throws: `corrupt` naming the key, if the checksum is not the value's.
    func opened(
        _ envelope: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer, in place: Int, _ name: String
    ) throws(StoreError) -> UnsafeRawBufferPointer {
        if let value = ValueEnvelope.open(envelope, key: key, in: place) { return value }
        throw StoreError(
            .corrupt,
            "\(directory)/data.mdb is damaged: the value of \(StoreError.excerpt(Array(key))) in \(name) does not have "
                + "its checksum. \(StoreError.restore)")
    }

    /// The same with a key of our own.
    func opened(
        _ envelope: UnsafeRawBufferPointer, key: [UInt8], in place: Int, _ name: String
    ) throws(StoreError) -> UnsafeRawBufferPointer {
        try key.withBytes { key throws(StoreError) in try opened(envelope, key: key, in: place, name) }
    }

    /// Throws the error for an LMDB result other than success.
    func check(_ result: Int32, _ doing: String) throws(StoreError) {
        if result != 0 { throw .lmdb(result, doing: "\(doing) the store in", path: directory) }
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
