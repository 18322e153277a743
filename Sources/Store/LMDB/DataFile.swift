import Glibc

/// LMDB's data file, locked by an exclusive `flock` of its own, so that a second process cannot open it whatever became of
/// the file `LOCK`.
final class DataFile: Sendable {
    let descriptor: Int32

    /// Opens and locks the file, and makes an empty one for a new store.
    ///
    /// - Parameter lock: the directory's.
    /// - Throws: `corrupt` if there was a store whose data file is gone, `notFound` if there is none to read, `locked` if
    ///   somebody else has it.
    init(_ directory: String, _ lock: DirectoryLock, isReadOnly: Bool) throws(StoreError) {
        let path = directory + "/data.mdb"
        let size = Directory.sizeOfFile(path)
        if (size ?? 0) == 0 { try Self.refuseLost(directory, lock, isMissing: size == nil) }
        if isReadOnly, size == nil { throw .noStore(directory) }
        descriptor = Glibc.open(path, (isReadOnly ? O_RDONLY : O_RDWR | O_CREAT) | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(errno, doing: "opening", path: path) }
        try DirectoryLock.lock(descriptor, directory, path, owner: nil)
        // Before anything else is made, so that whatever else there is shows that this was lost.
        if size == nil { try Directory.synchronize(directory) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        // As for the directory's lock: a child that was just forked has the file too.
        flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
    }

    private static func refuseLost(
        _ directory: String, _ lock: DirectoryLock, isMissing: Bool
    ) throws(StoreError) {
        let hasJournal = Directory.sizeOfFile(JournalFile.path(directory)) != nil
        let hasReaders = isMissing && Directory.sizeOfFile(directory + "/lock.mdb") != nil
        guard hasJournal || hasReaders || lock.hasStore else { return }
        let witness = hasJournal ? "its journal is there" : hasReaders ? "its lock.mdb is there" : "LOCK tells of it"
        throw StoreError(
            .corrupt,
            "the store in \(directory) lost its data: data.mdb is \(isMissing ? "missing" : "empty"), though \(witness). "
                + "Put the file back or restore a backup; to begin anew without the data, empty the directory")
    }
}

extension StoreError {
    /// The error for opening what is not there.
    static func noStore(_ directory: String) -> StoreError {
        StoreError(
            .notFound,
            "there is no store in \(directory) to open for reading: check the path, or remove ro=true to make one")
    }
}
