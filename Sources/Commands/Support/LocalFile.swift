import Basics
import Client
import Glibc

/// Files of the user's own. All of it blocks, so tasks hand it to the `BlockingPool`.
enum LocalFile {
    /// What a file is called, without the folders that it is in.
    static func name(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    }

    /// Whether there is a folder of this name.
    @available(*, noasync)
    static func isFolder(_ path: String) -> Bool {
        Folder.exists(path)
    }

    /// Whether the name is a symbolic link.
    @available(*, noasync)
    static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Whether there is anything of this name.
    @available(*, noasync)
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The names in a folder, in their order, without those that begin with a dot.
    ///
    /// - Throws: `ClientError` of kind `usage` if it cannot be read.
    @available(*, noasync)
    static func names(in folder: String) throws(ClientError) -> [String] {
        guard let names = Folder.names(in: folder) else { throw failure("read", folder) }
        return names.filter { !$0.hasBytePrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Makes a folder if it is not there.
    ///
    /// - Throws: `ClientError` of kind `usage`.
    @available(*, noasync)
    static func makeFolder(_ path: String) throws(ClientError) {
        guard mkdir(path, 0o777) != 0, errno != EEXIST || !isFolder(path) else { return }
        throw ClientError(.usage, "cannot make the folder \(path): \(String(cString: strerror(errno)))")
    }

    /// Writes a file anew: under another name first, so that there is never half of it.
    ///
    /// - Throws: `ClientError` of kind `usage`.
    @available(*, noasync)
    static func write(_ text: String, to path: String) throws(ClientError) {
        let draft = try FileDraft(path)
        try draft.write(Array(text.utf8))
        try draft.finish()
    }

    /// Removes a file, if it is there.
    @available(*, noasync)
    static func remove(_ path: String) { unlink(path) }

    /// What keeps a file from being used, as `errno` has it.
    static func failure(_ verb: String, _ path: String) -> ClientError {
        ClientError(.usage, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
