import Basics
import Client
import Glibc
import Store

/// Files of the user's own.
enum LocalFile {
    /// Whether there is a folder of this name.
    static func isFolder(_ path: String) -> Bool {
        Folder.exists(path)
    }

    /// Whether the name is a symbolic link.
    static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Whether there is anything of this name.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The names in a folder, in their order, without those that begin with a dot.
    ///
    /// - Throws: `ClientError` of kind `usage` if it cannot be read.
    static func names(in folder: String) throws(ClientError) -> [String] {
        guard let names = Folder.names(in: folder) else { throw failure("read", folder) }
        return names.filter { !$0.hasBytePrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Makes a folder if it is not there.
    ///
    /// - Throws: `ClientError` of kind `usage`.
    static func makeFolder(_ path: String) throws(ClientError) {
        guard mkdir(path, 0o777) != 0, errno != EEXIST || !isFolder(path) else { return }
        throw ClientError(.usage, "cannot make the folder \(path): \(String(cString: strerror(errno)))")
    }

    /// Writes a file anew: under another name first, so that there is never half of it.
    ///
    /// - Throws: `ClientError` of kind `usage`.
    static func write(_ text: String, to path: String) throws(ClientError) {
        let draft = "\(path).new-\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure("write", path) }
        let isWritten = PlainFile.write(Array(text.utf8), to: descriptor)
        let error = failure("write", path)
        close(descriptor)
        guard isWritten, rename(draft, path) == 0 else {
            unlink(draft)
            throw isWritten ? failure("write", path) : error
        }
    }

    /// Removes a file, if it is there.
    static func remove(_ path: String) { unlink(path) }

    private static func failure(_ verb: String, _ path: String) -> ClientError {
        ClientError(.usage, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
