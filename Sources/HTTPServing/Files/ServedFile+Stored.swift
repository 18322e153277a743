package import Basics
package import HTTPTypes
import Hummingbird
import NIOCore

extension ServedFile {
    /// A file on disk, as it is served.
    ///
    /// - Parameter etag: what tells its bytes from others, in quotes; nil for what the file system says of it.
    package init(_ file: StoredFile, etag: String? = nil, headers: HTTPFields = [:]) {
        self.init(
            named: file.path, size: file.size, etag: etag ?? "\"\(file.signature)\"", modified: file.modified,
            headers: headers
        ) { range in .parts(Self.body(of: file, range)) }
    }

    /// A file that grows up to a known size while it is served.
    ///
    /// - Parameters:
    ///   - file: what is there of it.
    ///   - name: tells by its ending what it is.
    ///   - arrival: waits until this many bytes are there, and throws if they never will be.
    package init(
        _ file: StoredFile, size: Int, named name: String,
        arrival: @escaping @Sendable (_ count: Int) async throws -> Void
    ) {
        self.init(named: name, size: size, etag: "\"\(file.signature)\"") { range in
            .parts(Self.body(of: file, range, arrival: arrival))
        }
    }

    /// How many bytes are read at once.
    private static let part = 256 << 10

    private static func body(
        of file: StoredFile, _ range: Range<Int>,
        arrival: @escaping @Sendable (_ count: Int) async throws -> Void = { _ in }
    ) -> ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            for start in stride(from: range.lowerBound, to: range.upperBound, by: part) {
                let count = min(part, range.upperBound - start)
                try await arrival(start + count)
                let bytes = try await BlockingPool.shared.run { () throws(StoredFileError) in
                    var buffer = ByteBufferAllocator().buffer(capacity: count)
                    try buffer.fill(count, from: file, start)
                    return buffer
                }
                try await writer.write(bytes)
            }
            try await writer.finish(nil)
        }
    }
}

extension ByteBuffer {
    /// Appends what a file has from `offset` on.
    fileprivate mutating func fill(_ count: Int, from file: StoredFile, _ offset: Int) throws(StoredFileError) {
        var failure: StoredFileError?
        writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
            do throws(StoredFileError) {
                try file.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[..<count]), from: offset)
                return count
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
    }
}
