import Basics
import Glibc
import JSON

/// A small file of the user's own, mode 0600, in folders of mode 0700: settings, tokens, fingerprints. All of it blocks.
package struct PrivateFile {
    private let path: String

    /// The file at `path`; it need not be there.
    package init(_ path: String) { self.path = path }

    /// The largest file that is read, in bytes.
    private static let limit = 1 << 20

    /// The text; nil if there is no file.
    ///
    /// - Throws: `ClientError` of kind `usage` when it cannot be read.
    @available(*, noasync)
    package func read() throws(ClientError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("read")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 { throw failure("read") }
            if count == 0 { break }
            bytes += buffer[..<count]
            if bytes.count > Self.limit { throw ClientError(.usage, "\(path) is larger than \(Self.limit) bytes") }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Replaces the text as a whole: a reader sees the old one or the new one.
    ///
    /// - Throws: `ClientError` of kind `usage` when it cannot be written.
    @available(*, noasync)
    package func write(_ text: String) throws(ClientError) {
        try makeFolder()
        guard SmallFile.write(text.utf8, to: path, mode: 0o600) else { throw failure("write") }
    }

    /// Removes the file; one that is not there is no error.
    @available(*, noasync)
    func remove() { unlink(path) }

    private func makeFolder() throws(ClientError) {
        let parts = path.parts(between: "/").filter { !$0.isEmpty }.dropLast()
        var folder = path.first == "/" ? "" : "."
        for part in parts {
            folder += "/" + part
            if mkdir(folder, 0o700) != 0, errno != EEXIST { throw failure("make the folder of") }
        }
    }

    private func failure(_ verb: String) -> ClientError {
        ClientError(.usage, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
