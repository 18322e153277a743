import CLMDB

extension StoreError {
    /// The error for an LMDB call that failed with `number`, a positive `errno` or a negative code of LMDB's own.
    static func lmdb(_ number: Int32, doing: String, path: String) -> StoreError {
        guard number < 0 else { return system(number, doing: doing, path: path) }
        let (code, remedy): (Code, String) =
            switch number {
            case MDB_INVALID:
                (.corrupt, "its data.mdb is not an LMDB file; restore a backup, or choose another directory")
            case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_BAD_TXN: (.corrupt, "its data is damaged; restore a backup")
            case MDB_VERSION_MISMATCH, MDB_INCOMPATIBLE:
                (.unsupported, "another version of LMDB wrote it; use that version, or restore a backup")
            case MDB_MAP_FULL: (.diskFull, "the memory map is full")
            case MDB_TXN_FULL: (.tooLarge, "the batch changes too much at once; split it")
            case MDB_BAD_VALSIZE: (.tooLarge, "a key or value is too large; make it smaller")
            case MDB_READERS_FULL: (.unavailable, "too many readers at once; let some finish, then try again")
            case MDB_MAP_RESIZED: (.unavailable, "another process made it larger; close and open it again")
            default: (.unavailable, "the environment failed; open it again")
            }
        return StoreError(
            code, "\(doing) \(path) failed: \(remedy)",
            cause: Cause(number: number, text: String(cString: mdb_strerror(number))))
    }
}
