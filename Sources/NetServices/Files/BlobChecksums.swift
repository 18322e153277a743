public import Basics
import Crypto
import Synchronization

/// The SHA-256 of files, each computed once for as long as the file is the same.
public final class BlobChecksums: Sendable {
    /// How many are remembered; when there are more, all are forgotten.
    private static let most = 20_000
    private static let part = 1 << 20

    private let known = Mutex<[Identifier: (signature: String, sum: String)]>([:])

    /// None yet.
    public init() {}

    /// The checksum of a file in hexadecimal. It blocks, and reads all of the file when it is asked for the first time.
    ///
    /// - Throws: if it cannot be read.
    public func sum(of file: StoredFile) throws(StoredFileError) -> String {
        let path = Identifier(file.path)
        if let entry = known.withLock({ $0[path] }), entry.signature.hasSameUTF8(as: file.signature) {
            return entry.sum
        }
        var sum = SHA256()
        var buffer = [UInt8](repeating: 0, count: min(Self.part, max(file.size, 1)))
        var failure: StoredFileError?
        for start in stride(from: 0, to: file.size, by: buffer.count) where failure == nil {
            let count = min(buffer.count, file.size - start)
            buffer.withUnsafeMutableBytes { memory in
                let part = UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
                do throws(StoredFileError) { try file.read(into: part, from: start) } catch { failure = error }
                sum.update(bufferPointer: UnsafeRawBufferPointer(part))
            }
        }
        if let failure { throw failure }
        let text = Hexadecimal.encode(sum.finalize())
        note(text, of: file)
        return text
    }

    /// Remembers what an upload has found out.
    public func note(_ sum: String, of file: StoredFile) {
        known.withLock { known in
            if known.count >= Self.most { known.removeAll() }
            known[Identifier(file.path)] = (file.signature, sum)
        }
    }
}
