import CStorage
import Glibc

/// The file of a journal, open for writing whole blocks that are on disk when `write` returns.
///
/// Overwriting a block that was written before costs one request to the device. Writing to one that was not, even if
/// space was set aside for it, changes the file system too, and costs many times as much. So `extend` writes zeros ahead.
/// The first block is a `JournalHeader`.
///
/// Not for two threads at once.
final class JournalFile {
    /// How much is written ahead at least, in bytes.
    static let step = 1 << 20

    private let path: String
    private let salt: UInt64
    private let descriptor: Int32
    private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    /// The bytes that were written, whole blocks.
    private(set) var written = JournalRecord.blockSize

    /// Opens the file `journal` in `directory`, which is created if it is missing, for records with that salt.
    ///
    /// What was written for an earlier opening is written over. A file of an older format is begun anew.
    init(_ directory: String, salt: UInt64) throws(StoreError) {
        path = Self.path(directory)
        self.salt = salt
        let isNew = Directory.sizeOfFile(path) == nil
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_DSYNC
        var opened = Glibc.open(path, flags | direct_io_flag, 0o600)
        // File systems without a device below, such as tmpfs, know no direct writes.
        if opened < 0, errno == EINVAL { opened = Glibc.open(path, flags, 0o600) }
        guard opened >= 0 else { throw .system(errno, doing: "opening", path: path) }
        descriptor = opened
        if let header = header() {
            let size = min(header.size, Directory.sizeOfFile(path) ?? 0)
            written = max(size / JournalRecord.blockSize, 1) * JournalRecord.blockSize
        } else if ftruncate(descriptor, 0) != 0 {
            throw .system(errno, doing: "emptying", path: path)
        }
        try writeHeader()
        if isNew { try Directory.synchronize(directory) }
    }

    deinit {
        buffer.deallocate()
        Glibc.close(descriptor)
    }

    /// Where the journal of the store in `directory` is.
    static func path(_ directory: String) -> String { directory + "/journal" }

    /// Writes a record of `length` bytes, whole blocks, which `fill` puts into the memory it is given.
    func write(_ length: Int, at offset: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) throws(StoreError) {
        reserve(length)
        let record = UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])
        fill(record)
        defer { if buffer.count > Self.step { release() } }
        try write(UnsafeRawBufferPointer(record), at: offset)
    }

    /// Writes zeros until the file has `size` bytes, whole blocks.
    func extend(to size: Int) throws(StoreError) {
        reserve(Self.step)
        memset(buffer.baseAddress!, 0, Self.step)
        var end = written
        while end < size {
            let count = min(Self.step, size - end)
            try write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: end)
            end += count
        }
        let before = written
        written = end
        do throws(StoreError) { try writeHeader() } catch {
            written = before
            throw error
        }
    }

    /// Notes how long the file is, before a record goes where nobody would miss it.
    private func writeHeader() throws(StoreError) {
        let header = JournalHeader(salt: salt, size: written)
        try write(JournalRecord.blockSize, at: 0) { header.encode(into: $0) }
    }

    private func header() -> JournalHeader? {
        reserve(JournalRecord.blockSize)
        guard pread(descriptor, buffer.baseAddress!, JournalRecord.blockSize, 0) == JournalRecord.blockSize else {
            return nil
        }
        return JournalHeader(UnsafeRawBufferPointer(buffer))
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system(count < 0 ? errno : ENOSPC, doing: "writing", path: path) }
            done += count
        }
    }

    /// Direct writes take memory that is aligned as the device's blocks are.
    private func reserve(_ count: Int) {
        guard buffer.count < count else { return }
        release()
        let size = roundUp(count, to: 64 << 10)
        buffer = .allocate(byteCount: size, alignment: JournalRecord.blockSize)
    }

    private func release() {
        buffer.deallocate()
        buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }
}
