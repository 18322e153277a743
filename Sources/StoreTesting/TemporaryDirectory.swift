import Glibc

/// A directory of its own for a test, removed with all in it when the object goes.
public final class TemporaryDirectory: Sendable {
    /// Its absolute path.
    public let path: String

    /// Creates it where `TMPDIR` says, or in `/tmp`.
    public init() {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/muster-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            preconditionFailure(
                "cannot create a directory for a test in \(parent): \(String(cString: strerror(errno)))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        Self.removeTree(path)
    }

    /// Removes a file, a link (but not what it leads to) or a directory with all in it, as far as possible.
    private static func removeTree(_ path: String) {
        guard unlink(path) != 0, let entries = opendir(path) else { return }
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { removeTree("\(path)/\(name)") }
        }
        closedir(entries)
        rmdir(path)
    }
}
