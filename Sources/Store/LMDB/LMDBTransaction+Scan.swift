import Basics
import CLMDB

extension LMDBTransaction {
    /// Visits the pairs with `from` ≤ key < `upTo` until `visit` says to stop.
    ///
    /// - Throws: `corrupt` for a value that is not as it was written, before it is shown.
    func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        let database = databases[keyspace.ordinal]
        guard isChecked else { return try rawScan(database, from: from, upTo: upTo, descending: descending, visit) }
        try rawScan(database, from: from, upTo: upTo, descending: descending) { key, value throws(StoreError) in
            try visit(key, try opened(value, key: key, in: keyspace.ordinal, keyspace.rawValue))
        }
    }

    /// Visits what LMDB has, checksums and all.
    func rawScan(
        _ database: MDB_dbi, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        if database == Self.noDatabase { return }
        var cursor: OpaquePointer?
        try check(mdb_cursor_open(pointer, database, &cursor), "reading")
        defer { mdb_cursor_close(cursor) }
        var key = MDB_val()
        var value = MDB_val()
        var visited = VisitedBlocks()
        defer { visited.tell(pages) }
        var result =
            descending
            ? seekLast(before: upTo, cursor, &key, &value) : seekFirst(notBefore: from, cursor, &key, &value)
        while result == 0 {
            let isPastEnd = descending ? from.map { isLess(key, $0) } : upTo.map { !isLess(key, $0) }
            guard isPastEnd != true else { return }
            visited.add(value.bytes, pages)
            guard try visit(key.bytes, value.bytes) else { return }
            result = mdb_cursor_get(cursor, &key, &value, descending ? MDB_PREV : MDB_NEXT)
        }
        if result != MDB_NOTFOUND { try check(result, "reading") }
    }

    private func seekFirst(
        notBefore bound: [UInt8]?, _ cursor: OpaquePointer?, _ key: inout MDB_val, _ value: inout MDB_val
    ) -> Int32 {
        guard let bound, !bound.isEmpty else { return mdb_cursor_get(cursor, &key, &value, MDB_FIRST) }
        return bound.withUnsafeBytes { bytes in
            key = MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            return mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE)
        }
    }

    private func seekLast(
        before bound: [UInt8]?, _ cursor: OpaquePointer?, _ key: inout MDB_val, _ value: inout MDB_val
    ) -> Int32 {
        guard let bound else { return mdb_cursor_get(cursor, &key, &value, MDB_LAST) }
        let result = seekFirst(notBefore: bound, cursor, &key, &value)
        // The bound is at or before what was found, or after everything.
        return mdb_cursor_get(cursor, &key, &value, result == 0 ? MDB_PREV : MDB_LAST)
    }

    private func isLess(_ key: MDB_val, _ bound: [UInt8]) -> Bool {
        bound.withUnsafeBytes { key.bytes.compareBytes(to: $0) < 0 }
    }
}
