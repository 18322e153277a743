import CStorage
import Glibc

/// Files that are read and written whole.
public enum PlainFile {
    /// All bytes of the file; nil if there is none.
    ///
    /// - Throws: why it cannot be read.
    static func read(_ path: String) throws(StoreError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system(errno, doing: "opening", path: path)
        }
        defer { close(descriptor) }
        let size = try Directory.sizeOfFile(descriptor, path)
        var (bytes, filled) = ([UInt8](repeating: 0, count: size), 0)
        while filled < size {
            let count = bytes[filled...].withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(errno, doing: "reading", path: path) }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes.prefix(filled))
    }

    /// Makes a new file, for the owner only.
    ///
    /// - Parameter isSynced: whether it is on disk when the call returns.
    /// - Returns: what tells the file as it is from any later one.
    static func make(_ path: String, _ bytes: [UInt8], isSynced: Bool) throws(StoreError) -> FileSignature {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(errno, doing: "creating", path: path) }
        defer { close(descriptor) }
        guard write(bytes, to: descriptor) else { throw .system(errno, doing: "writing", path: path) }
        if isSynced, fsync(descriptor) != 0 { throw .system(errno, doing: "syncing", path: path) }
        guard let signature = FileSignature(descriptor) else { throw .system(errno, doing: "looking at", path: path) }
        return signature
    }

    /// Writes all of `bytes` to an open file.
    ///
    /// - Returns: whether that went well; if not, `errno` says why.
    public static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { sent += count } else if count == 0 || errno != EINTR { return false }
        }
        return true
    }

    /// Has the disk begin to take some of what was written to an open file.
    public static func beginWriting(_ descriptor: Int32, _ bytes: Range<Int>) {
        begin_writing(descriptor, Int64(bytes.lowerBound), Int64(bytes.count))
    }

    /// Gives a file another name, in place of what had that.
    static func move(_ from: String, to: String) throws(StoreError) {
        guard rename(from, to) == 0 else { throw .system(errno, doing: "renaming \(from) to", path: to) }
    }

    /// Removes a file, if it is there.
    static func remove(_ path: String) throws(StoreError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw .system(errno, doing: "removing", path: path) }
    }

    /// Has all that was written to the file system of `path` on disk: for many files cheaper than one after the other.
    static func synchronizeAll(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, sync_file_system(descriptor) == 0 else {
            throw .system(errno, doing: "syncing", path: path)
        }
    }
}
