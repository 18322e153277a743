import Glibc

/// Keeps a directory for one user at a time: an exclusive `flock` on a file `LOCK` in it, which the kernel drops when
/// the process ends, however it ends. The process id in the file is only for messages.
final class DirectoryLock: Sendable {
    let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Parameter isReadOnly: Whether to do without the lock on a file system where nobody can write.
    /// - Throws: `locked` if another process, or another part of this one, holds it.
    init(_ directory: String, isReadOnly: Bool) throws(StoreError) {
        let path = directory + "/LOCK"
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor < 0 {
            if isReadOnly && errno == EROFS { return }
            throw .system(errno, doing: "opening the lock file", path: path)
        }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            if number == EINTR { continue }
            let error: StoreError =
                number == EWOULDBLOCK
                ? .held(directory, by: Self.owner(descriptor)) : .system(number, doing: "locking", path: path)
            throw error  // All is initialized, so `deinit` runs and closes the file.
        }
        // A failure to note the process id costs only a detail of a message.
        let note = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, note, note.count, 0)
    }

    deinit {
        guard descriptor >= 0 else { return }
        // A child that was just forked has the file too, until it runs its program: closing ours would not drop the lock.
        flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
    }

    private static func owner(_ descriptor: Int32) -> Int32? {
        var note = [UInt8](repeating: 0, count: 16)
        let length = pread(descriptor, &note, note.count, 0)
        return Int32(String(decoding: note.prefix(max(0, length)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}

extension StoreError {
    fileprivate static func held(_ directory: String, by owner: Int32?) -> StoreError {
        let holder =
            switch owner {
            case getpid(): "is already open in this process (\(getpid())): share that one, or close it first"
            case let owner?: "is in use by process \(owner): stop it first, or choose another directory"
            case nil: "is in use by another process: stop it first, or choose another directory"
            }
        return StoreError(.locked, "the store in \(directory) \(holder)")
    }
}
