import Basics
import Glibc

/// What stores need done to directories.
public enum Directory {
    /// The path as an absolute one: `~` at the start is the home directory, other relative paths start at `base`.
    static func resolve(_ path: String, relativeTo base: String) -> String {
        if path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") {
            return String(cString: home) + path.dropFirst()
        }
        return path.hasPrefix("/") || base.isEmpty ? path : "\(base)/\(path)"
    }

    /// Creates the directory and those above it that are missing, open to the owner only, and makes that durable.
    public static func create(_ path: String) throws(StoreError) {
        if isDirectory(path) { return }
        let trimmed = path.hasSuffix("/") && path.utf8.count > 1 ? String(path.dropLast()) : path
        let parent = folder(of: trimmed)
        if !parent.hasSameUTF8(as: trimmed), !parent.hasSameUTF8(as: ".") { try create(parent) }
        if mkdir(trimmed, 0o700) != 0 {
            let number = errno
            if number == EEXIST && isDirectory(trimmed) { return }  // made by somebody else meanwhile
            throw .system(number == EEXIST ? ENOTDIR : number, doing: "creating the directory", path: trimmed)
        }
        try synchronize(parent)
    }

    /// The directory that a file or directory is in, by the path that names it.
    public static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Whether there is a directory, or a link to one, at `path`.
    static func isDirectory(_ path: String) -> Bool {
        Folder.exists(path)
    }

    /// The names in a directory, in the order of their bytes.
    public static func names(_ path: String) throws(StoreError) -> [String] {
        guard let names = Folder.names(in: path) else {
            throw .system(errno, doing: "reading the directory", path: path)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The size in bytes of the file at `path`, or nil if there is none.
    static func sizeOfFile(_ path: String) -> Int? {
        var information = stat()
        return stat(path, &information) == 0 ? Int(information.st_size) : nil
    }

    /// The size in bytes of an open file.
    static func sizeOfFile(_ descriptor: Int32, _ path: String) throws(StoreError) -> Int {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw .system(errno, doing: "looking at", path: path) }
        return Int(information.st_size)
    }

    /// Makes the names in a directory survive a power failure; syncing the files alone does not.
    public static func synchronize(_ path: String) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { Glibc.close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw .system(errno, doing: "syncing the directory", path: path)
        }
    }
}
