import Glibc
public import Store
import Synchronization

/// A backup that is being written: under another name until it is whole.
public final class BackupFile: Sendable {
    private let path: String
    private let draft: String
    private let descriptor: Mutex<Int32>
    /// How many bytes there are, and how many of them the disk was asked to take.
    private let sizes = Mutex((written: 0, begun: 0))

    /// So many bytes the disk is given at once: all at the end would keep everybody else's writes waiting.
    private static let part = 1 << 20

    /// Begins a backup at `path`.
    ///
    /// - Throws: `locked` if there is such a file already, or why it cannot be made.
    public init(_ path: String) throws(StoreError) {
        self.path = path
        draft = path + ".part"
        guard access(path, F_OK) != 0 else {
            throw StoreError(.locked, "\(path) exists already: choose another name, or remove it")
        }
        let opened = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw Self.failure("cannot be made", path) }
        descriptor = Mutex(opened)
    }

    /// Adds bytes.
    public func write(_ bytes: [UInt8]) throws(StoreError) {
        let descriptor = descriptor.withLock { $0 }
        guard PlainFile.write(bytes, to: descriptor) else { throw Self.failure("cannot be written", path) }
        sizes.withLock { sizes in
            sizes.written += bytes.count
            guard sizes.written - sizes.begun >= Self.part else { return }
            // Whether it has all of it is seen at the end.
            PlainFile.beginWriting(descriptor, sizes.begun..<sizes.written)
            sizes.begun = sizes.written
        }
    }

    /// Has all of it on disk, under its name.
    public func finish() throws(StoreError) {
        let descriptor = descriptor.withLock { descriptor in
            defer { descriptor = -1 }
            return descriptor
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw Self.failure("cannot be written", path) }
        try Directory.synchronize(Directory.folder(of: path))
    }

    /// Takes away what there is of it.
    public func discard() {
        let descriptor = descriptor.withLock { descriptor in
            defer { descriptor = -1 }
            return descriptor
        }
        if descriptor >= 0 {
            close(descriptor)
            unlink(draft)
        }
    }

    deinit { discard() }

    private static func failure(_ what: String, _ path: String) -> StoreError {
        let number = errno
        let code: StoreError.Code = number == ENOSPC || number == EDQUOT ? .diskFull : .unavailable
        return StoreError(
            code, "the backup \(path) \(what)",
            cause: StoreError.Cause(number: number, text: String(cString: strerror(number))))
    }
}
