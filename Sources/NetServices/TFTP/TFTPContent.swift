import Basics
import NIOCore

/// The bytes of a file on their way to a client: those ahead are read while others are sent.
struct TFTPContent: Sendable {
    /// How many there are.
    let size: Int
    private let file: StoredFile?
    private let whole: ByteBuffer?

    /// The largest file that is sent as text, in bytes: it is converted as a whole.
    static let largestText = 16 << 20

    /// Bytes that are all there.
    init(_ bytes: [UInt8]) { (size, file, whole) = (bytes.count, nil, ByteBuffer(bytes: bytes)) }

    /// A file on disk.
    ///
    /// - Parameter size: of one that grew after it had been opened; nil for others.
    init(_ file: StoredFile, size: Int? = nil) { (self.size, self.file, whole) = (size ?? file.size, file, nil) }

    /// Bytes of a range. It blocks, but for those that are all there.
    func bytes(_ range: Range<Int>) throws(StoredFileError) -> ByteBuffer {
        if let whole {
            return whole.getSlice(at: whole.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
        }
        guard let file else { return ByteBuffer() }
        var bytes = [UInt8](repeating: 0, count: range.count)
        var failure: StoredFileError?
        bytes.withUnsafeMutableBytes { memory in
            do throws(StoredFileError) { try file.read(into: memory, from: range.lowerBound) } catch { failure = error }
        }
        if let failure { throw failure }
        return ByteBuffer(bytes: bytes)
    }

    /// The same content as text with the ends of lines of a terminal: CR LF, and CR NUL for a bare CR (RFC 764). It blocks.
    ///
    /// - Returns: nil if it is too large.
    func asText() throws(StoredFileError) -> TFTPContent? {
        guard size <= Self.largestText else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(size + size / 32)
        for byte in try bytes(0..<size).readableBytesView {
            switch byte {
            case 10: text += [13, 10]
            case 13: text += [13, 0]
            default: text.append(byte)
            }
        }
        return TFTPContent(text)
    }
}
