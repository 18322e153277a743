import Glibc

/// Keeps a directory for one user at a time: an exclusive `flock` on a file `LOCK` in it, which the kernel drops when
/// the process ends, however it ends.
///
/// The process id in the file is only for messages. Whoever removes the file lets another process take this lock; what is
/// in the directory needs one of its own (`DataFile`).
final class DirectoryLock: Sendable {
    let descriptor: Int32
    /// Whether the file says that a store was made here.
    let hasStore: Bool

    /// The line that says so.
    private static let storeLine = "store"

    /// Takes the lock.
    ///
    /// - Parameter isReadOnly: Whether to do without the lock on a file system where nobody can write.
    /// - Throws: `locked` if another process, or another part of this one, holds it.
    convenience init(_ directory: String, isReadOnly: Bool) throws(StoreError) {
        try self.init(file: directory + "/LOCK", of: directory, isReadOnly: isReadOnly)
    }

    /// Takes the lock that is the file at `path`, of the store `directory`.
    init(file path: String, of directory: String, isReadOnly: Bool) throws(StoreError) {
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor < 0 {
            hasStore = false
            if isReadOnly && errno == EROFS { return }
            throw .system(errno, doing: "opening the lock file", path: path)
        }
        let lines = Self.lines(descriptor)
        hasStore = lines.contains(Self.storeLine)
        // All is initialized, so `deinit` runs and closes the file if this throws.
        try Self.lock(descriptor, directory, path, owner: lines.first.flatMap { Int32($0) })
        write(hasStore ? [Self.storeLine] : [])
    }

    /// Notes that there is a store in the directory, so that one that is lost is missed.
    func noteStore() {
        if !hasStore, descriptor >= 0 { write([Self.storeLine]) }
    }

    /// Takes an exclusive lock on an open file in `directory`, without waiting.
    ///
    /// - Parameter owner: the process that is known to have it.
    static func lock(
        _ descriptor: Int32, _ directory: String, _ path: String, owner: Int32?
    ) throws(StoreError) {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            if number == EINTR { continue }
            throw number == EWOULDBLOCK
                ? .held(directory, by: owner) : .system(number, doing: "locking", path: path)
        }
    }

    /// Writes the process id and what else the file says. A failure costs only a detail of a message.
    private func write(_ lines: [String]) {
        let note = Array((["\(getpid())"] + lines).map { $0 + "\n" }.joined().utf8)
        if pwrite(descriptor, note, note.count, 0) == note.count { _ = ftruncate(descriptor, off_t(note.count)) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        // A child that was just forked has the file too, until it runs its program: closing ours would not drop the lock.
        flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
    }

    private static func lines(_ descriptor: Int32) -> [String] {
        var note = [UInt8](repeating: 0, count: 64)
        let length = pread(descriptor, &note, note.count, 0)
        return String(decoding: note.prefix(max(0, length)), as: UTF8.self).split(separator: "\n").map(String.init)
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
        return StoreError(.locked, "the store \(directory) \(holder)")
    }
}
