import CLMDB

/// LMDB without anything above it.
///
/// Calls that fail end the program: a baseline that hides an error is worth nothing.
final class RawEnvironment {
    private var environment: OpaquePointer?
    private var database: MDB_dbi = 0

    init(path: String, name: String? = nil, mapSize: Int = 64 << 30) {
        Self.check(mdb_env_create(&environment))
        Self.check(mdb_env_set_mapsize(environment, mapSize))
        Self.check(mdb_env_set_maxdbs(environment, 16))
        Self.check(mdb_env_open(environment, path, UInt32(MDB_NOTLS), 0o600))
        transaction(readOnly: false) { transaction in
            Self.check(mdb_dbi_open(transaction, name, UInt32(MDB_CREATE), &database))
        }
    }

    deinit { mdb_env_close(environment) }

    /// Puts a batch in one transaction and syncs it.
    func put(_ batch: [(key: [UInt8], value: [UInt8])]) {
        transaction(readOnly: false) { transaction in
            for (key, value) in batch {
                key.withUnsafeBytes { key in
                    value.withUnsafeBytes { value in
                        var keyBytes = Self.bytes(key)
                        var valueBytes = Self.bytes(value)
                        Self.check(mdb_put(transaction, database, &keyBytes, &valueBytes, 0))
                    }
                }
            }
        }
    }

    /// Copies every value once.
    ///
    /// - Returns: their number, and their bytes in all.
    func copyAll() -> (count: Int, bytes: Int) {
        var (count, bytes) = (0, 0)
        forEachValue { value in
            let copy = [UInt8](value)
            count += 1
            bytes += copy.count
        }
        return (count, bytes)
    }

    /// Visits every value where it lies, in the order of the keys.
    func forEachValue(_ body: (UnsafeRawBufferPointer) -> Void) {
        transaction(readOnly: true) { transaction in
            var cursor: OpaquePointer?
            Self.check(mdb_cursor_open(transaction, database, &cursor))
            defer { mdb_cursor_close(cursor) }
            var (key, value) = (MDB_val(), MDB_val())
            while mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == MDB_SUCCESS {
                body(UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size))
            }
        }
    }

    private func transaction(readOnly: Bool, _ body: (OpaquePointer?) -> Void) {
        var transaction: OpaquePointer?
        Self.check(mdb_txn_begin(environment, nil, readOnly ? UInt32(MDB_RDONLY) : 0, &transaction))
        body(transaction)
        Self.check(mdb_txn_commit(transaction))
    }

    private static func bytes(_ buffer: UnsafeRawBufferPointer) -> MDB_val {
        MDB_val(mv_size: buffer.count, mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
    }

    private static func check(_ code: Int32) {
        precondition(code == MDB_SUCCESS, "LMDB: \(String(cString: mdb_strerror(code)))")
    }
}
