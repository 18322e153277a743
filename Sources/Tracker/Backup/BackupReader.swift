import Crypto
import Glibc
import Store

/// Reads the entries of a backup from its file, each proved by its checksum.
final class BackupReader {
    /// The path, for messages.
    let path: String

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    /// The number of the next entry.
    private var number = 0
    /// How many bytes have been read of the file.
    private(set) var position = 0
    /// The size of the file in bytes.
    let size: Int
    private var sum = SHA256()

    /// How much is read at once, in bytes.
    private static let blockSize = 1 << 20

    /// Opens a backup.
    ///
    /// - Throws: `notFound`, and `corrupt` if the file is no backup.
    init(_ path: String) throws(StoreError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        var information = stat()
        guard descriptor >= 0, fstat(descriptor, &information) == 0 else {
            throw StoreError(.notFound, "the backup \(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        size = Int(information.st_size)
        guard let magic = try take(BackupFrame.magic.count), magic.elementsEqual(BackupFrame.magic) else {
            throw StoreError(.corrupt, "\(path) is no backup: it does not begin like one")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The next entry, which may be wrong in itself; nil at the end of the file.
    ///
    /// - Returns: also whether its checksum is right.
    /// - Throws: `corrupt` if where the entry ends cannot be told.
    func next() throws(StoreError) -> (frame: BackupFrame, isWhole: Bool)? {
        let (first, before) = (position, sum)
        guard let head = try take(5) else {
            if position == size, start == buffer.count { return nil }
            throw damaged(first, "it ends in the middle of an entry")
        }
        let count = head.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let code = head[head.startIndex + 4]
        guard count <= BackupFrame.longest, let rest = try take(count + 4) else {
            throw damaged(first, "it ends in the middle of an entry, or the length of one is wrong")
        }
        let content = rest.prefix(count)
        let expected = BackupFrame.checksum(code, content, number)
        let found = rest.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        number += 1
        guard let kind = BackupFrame.Kind(rawValue: code) else {
            throw damaged(first, "an entry has the unknown kind \(code)")
        }
        if kind == .end { endSum = Array(before.finalize()) }
        return (BackupFrame(kind: kind, content: Array(content)), expected == found)
    }

    /// The SHA-256 of all before the end, once that was read.
    private(set) var endSum: [UInt8] = []

    /// The header, which comes first.
    func header() throws(StoreError) -> BackupHeader {
        guard let (frame, isWhole) = try next(), frame.kind == .header, isWhole else {
            throw StoreError(.corrupt, "the backup \(path) has no header, or a damaged one")
        }
        return try BackupHeader(frame.content, of: path)
    }

    private func damaged(_ place: Int, _ reason: String) -> StoreError {
        StoreError(.corrupt, "the backup \(path) cannot be read from byte \(place) on: \(reason)")
    }

    /// The next bytes; nil if there are not so many.
    private func take(_ count: Int) throws(StoreError) -> ArraySlice<UInt8>? {
        while buffer.count - start < count {
            buffer.removeSubrange(..<start)
            start = 0
            // No more than the file has is ever asked for, whatever a damaged length says.
            guard count <= size - position + buffer.count else { return nil }
            let filled = buffer.count
            let wanted = min(max(Self.blockSize, count - filled), size - position)
            buffer.append(contentsOf: repeatElement(0, count: wanted))
            let got = buffer[filled...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, wanted) }
            let number = errno
            buffer.removeLast(wanted - max(got, 0))
            if got < 0, number == EINTR { continue }
            guard got >= 0 else {
                throw StoreError(
                    .unavailable, "the backup \(path) cannot be read: \(String(cString: strerror(number)))")
            }
            if got == 0 { return nil }
            position += got
        }
        let part = buffer[start..<(start + count)]
        start += count
        part.withUnsafeBytes { sum.update(bufferPointer: $0) }
        return part
    }
}
