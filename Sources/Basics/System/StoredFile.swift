import Glibc

/// A file on disk that is open for reading, for as long as somebody holds it. Its calls block.
public final class StoredFile: Sendable {
    /// Where it is.
    public let path: String
    /// Its size in bytes.
    public let size: Int
    /// When it was changed, in seconds since 1970.
    public let modified: Int
    /// Text that tells the file as it is from what it may be later.
    public let signature: String
    private let descriptor: Int32

    /// Opens the file at `path`; nil if there is none that can be read, or something else than a file.
    public init?(_ path: String) {
        // Of what is no file, as a pipe, an opening may never come back.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        self.path = path
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            (size, modified, signature) = (0, 0, "")
            return nil
        }
        size = Int(status.st_size)
        modified = Int(status.st_mtim.tv_sec)
        let parts = [Int(status.st_ino), size, Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
        signature = parts.map { String($0, radix: 36) }.joined(separator: "-")
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Fills `memory` with what the file has from `offset` on.
    ///
    /// - Throws: `StoredFileError` if it is shorter, or the disk fails.
    public func read(into memory: UnsafeMutableRawBufferPointer, from offset: Int) throws(StoredFileError) {
        var filled = 0
        while filled < memory.count {
            let place = UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
            let count = pread(descriptor, place.baseAddress, place.count, off_t(offset + filled))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw StoredFileError(path: path) }
            filled += count
        }
    }
}

/// A file that could be opened and then not be read.
public struct StoredFileError: Error, CustomStringConvertible {
    /// Where it is.
    public let path: String

    /// What happened.
    public var description: String { "\(path) cannot be read to its end: it was cut off meanwhile, or the disk fails" }
}

/// Paths of files as clients spell them, below a root that nobody must get out of.
public enum TreePath {
    /// The longest path that is looked at, in bytes.
    private static let longest = 4_096

    /// The path without slashes at its ends and without empty parts; nil if it is empty, leads up, or is none.
    public static func clean(_ text: some StringProtocol) -> String? {
        guard text.utf8.count <= longest, !text.utf8.contains(0) else { return nil }
        var parts: [String] = []
        for part in String(text).parts(between: "/") where !part.isEmpty {
            if part.hasSameUTF8(as: "..") { return nil }
            if !part.hasSameUTF8(as: ".") { parts.append(String(part)) }
        }
        return parts.isEmpty ? nil : parts.joined(separator: "/")
    }
}
