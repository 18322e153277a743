import Glibc

/// LMDB's table of readers, the file `lock.mdb`, which LMDB maps and writes to.
enum ReaderTable {
    /// How many transactions may read at once.
    static let readerLimit = 1024

    /// Has the disk's space for all of it set aside. In a hole of a file on a full disk, a reader's entry would end the
    /// process.
    static func reserve(_ directory: String, isReadOnly: Bool) throws(StoreError) {
        let path = directory + "/lock.mdb"
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if isReadOnly { return }
            throw .system(errno, doing: "opening", path: path)
        }
        defer { Glibc.close(descriptor) }
        // 64 bytes a reader, and what LMDB has before them.
        let result = posix_fallocate(descriptor, 0, off_t(readerLimit * 64 + 4096))
        guard result == 0 || result == EOPNOTSUPP || result == EINVAL else {
            throw .system(result, doing: "setting space aside for", path: path)
        }
    }
}
