import Basics
import Client
import Crypto
import Glibc
import JSON

extension CommandSession {
    /// Sends a file as the body of a request, however long it is, and tells how far it is.
    ///
    /// - Throws: `ClientError`; of kind `usage` if the file cannot be read, or becomes shorter meanwhile.
    func upload(_ path: String, by request: APIRequest) async throws(ClientError) -> JSONValue {
        let file = try await BlockingPool.shared.run { () throws(ClientError) in try SentFile(path) }
        let (progress, whole) = (ProgressLine(), ProgressLine.size(file.size))
        defer { progress.clear() }
        var request = request
        request.contentType = "application/octet-stream"
        request.stream = StreamedBody(length: file.size) {
            var sent = 0
            return { () async throws(ClientError) -> [UInt8]? in
                let start = sent
                guard start < file.size else { return nil }
                let part = try await BlockingPool.shared.run { () throws(ClientError) in try file.part(from: start) }
                sent += part.count
                progress.tell("\(path): \(ProgressLine.size(start)) of \(whole)")
                return part
            }
        }
        return try await client.send(request).json()
    }

    /// Writes the answer to a request into a file, or to standard output for `-`, and tells how far it is. Into a folder it
    /// goes under a name of its own.
    ///
    /// - Throws: `ClientError`; of kind `usage` if the file cannot be written, of kind `malformed` if the server's checksum is
    ///   another one.
    func download(_ request: APIRequest, called name: String, to path: String) async throws(ClientError) {
        let answer = try await client.stream(request)
        guard path != "-" else {
            let console = console
            return try await answer.forEachPart { (part) throws(ClientError) in try console.write(part) }
        }
        let (draft, target) = try await BlockingPool.shared.run { () throws(ClientError) in
            let target = LocalFile.isFolder(path) ? "\(path)/\(name)" : path
            return (try FileDraft(target), target)
        }
        let whole = answer.header("content-length").flatMap { Int($0) }.map { " of \(ProgressLine.size($0))" } ?? ""
        let progress = ProgressLine()
        defer { progress.clear() }
        var (size, sum) = (0, SHA256())
        try await answer.forEachPart { (part) throws(ClientError) in
            try await BlockingPool.shared.run { () throws(ClientError) in try draft.write(part) }
            sum.update(data: part)
            size += part.count
            progress.tell("\(target): \(ProgressLine.size(size))\(whole)")
        }
        let found = Hexadecimal.encode(Array(sum.finalize()))
        if let wanted = answer.header("x-drp-sha256sum"), !wanted.hasSameUTF8(as: found) {
            throw ClientError(
                .malformed, "\(request.summary): the checksum is \(found), not the server's \(wanted); nothing is kept")
        }
        try await BlockingPool.shared.run { () throws(ClientError) in try draft.finish() }
        progress.clear()
        if !isStructured { return try console.write("\(target): \(ProgressLine.size(size))\n") }
        try show(["file": .string(target), "size": JSONValue(size), "sha256": .string(found)])
    }
}

/// A file of the user's own that is sent to a server. All of it blocks.
private final class SentFile: Sendable {
    /// How many bytes it has.
    let size: Int
    private let path: String
    private let descriptor: Int32

    /// The most bytes that are read at once.
    private static let partSize = 256 << 10

    @available(*, noasync)
    init(_ path: String) throws(ClientError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            size = 0
            throw LocalFile.failure("read", path)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            size = 0
            throw ClientError(.usage, "\(path) is no regular file: its size must be known before it is sent")
        }
        size = Int(status.st_size)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Some bytes from an offset on that is not the end.
    @available(*, noasync)
    func part(from start: Int) throws(ClientError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: min(Self.partSize, size - start))
        let count = pread(descriptor, &buffer, buffer.count, start)
        if count < 0 { throw LocalFile.failure("read", path) }
        guard count > 0 else {
            throw ClientError(.usage, "\(path) had \(size) bytes and has \(start) now: send it when it stays as it is")
        }
        return Array(buffer[..<count])
    }
}
