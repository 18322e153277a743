import Basics
import Crypto
import Glibc
import Synchronization

/// A file on its way in: under another name until it is whole and on disk. Its calls block.
public final class BlobUpload: Sendable {
    private struct State: Sendable {
        var sum = SHA256()
        var size = 0
        var isOver = false
    }

    private let path: String
    private let draft: String
    private let descriptor: Int32
    private let state = Mutex(State())

    init(_ path: String) throws(BlobFolder.Failure) {
        self.path = path
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        let (folder, name) = (String(path[..<slash]), path[slash...].dropFirst())
        guard Folder.make(folder) else { throw .refused(String(cString: strerror(errno))) }
        let random = Hexadecimal.encode(Environment.systemRandomBytes(8))
        draft = "\(folder)/\(BlobFolder.draftPrefix)\(random)-\(name.prefix(100))"
        descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw Self.failure() }
    }

    /// How many bytes have come.
    public var size: Int { state.withLock { $0.size } }

    /// What has come, to be read while more comes; nil if it cannot be opened.
    func readable() -> StoredFile? { StoredFile(draft) }

    /// Takes bytes.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(BlobFolder.Failure) {
        var sent = 0
        while sent < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress! + sent, bytes.count - sent)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { throw Self.failure() }
            sent += count
        }
        state.withLock { state in
            state.sum.update(bufferPointer: bytes)
            state.size += bytes.count
        }
    }

    /// Has all of it on disk, in its place.
    ///
    /// - Returns: its SHA-256, in hexadecimal.
    public func finish() throws(BlobFolder.Failure) -> String {
        guard fsync(descriptor) == 0 else { throw Self.failure() }
        guard rename(draft, path) == 0 else { throw Self.failure() }
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        let folder = open(String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        return state.withLock { state in
            state.isOver = true
            return Hexadecimal.encode(state.sum.finalize())
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if !state.withLock({ $0.isOver }) { unlink(draft) }
    }

    private static func failure() -> BlobFolder.Failure {
        errno == ENOSPC || errno == EDQUOT ? .full : .refused(String(cString: strerror(errno)))
    }
}
