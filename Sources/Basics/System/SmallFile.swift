public import Glibc
import Synchronization

/// Small files, read and written as a whole. All of it blocks.
public enum SmallFile {
    /// The most bytes that are read.
    private static let longest = 1 << 20
    /// How many times this program has written a file.
    private static let writes = Atomic(0)

    /// What a file has, up to a mebibyte of it; nil if it cannot be read, and then `errno` says why.
    public static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < longest {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    /// Writes a file anew: under another name first, so that there is never half of it.
    ///
    /// - Returns: whether it is there; if not, `errno` says why, and a file that was there before still is.
    public static func write(_ bytes: some Collection<UInt8>, to path: String, mode: mode_t = 0o644) -> Bool {
        // Others write the same file at the same time: programs, and threads of this one.
        let draft = "\(path).new-\(getpid())-\(writes.wrappingAdd(1, ordering: .relaxed).newValue)"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { return false }
        let isWritten = write(Array(bytes), to: descriptor) && fchmod(descriptor, mode) == 0
        var number = errno
        close(descriptor)
        if isWritten, rename(draft, path) == 0 { return true }
        if isWritten { number = errno }
        unlink(draft)
        errno = number
        return false
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return false }
            written += max(0, count)
        }
        return true
    }
}
