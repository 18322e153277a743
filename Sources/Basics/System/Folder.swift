import Glibc

/// What is done to folders of a file system. All of it blocks.
public enum Folder {
    /// The names of what is in a folder, in no order; nil if it cannot be read, and then `errno` says why.
    public static func names(in path: String) -> [String]? {
        guard let entries = opendir(path) else { return nil }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasSameUTF8(as: "."), !name.hasSameUTF8(as: "..") { names.append(name) }
        }
        return names
    }

    /// Whether there is a folder at a path.
    ///
    /// - Parameter followsLinks: whether a link to one counts.
    public static func exists(_ path: String, followsLinks: Bool = true) -> Bool {
        var status = stat()
        let found = followsLinks ? stat(path, &status) : lstat(path, &status)
        return found == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes a folder and those above it that are missing, for all to read.
    ///
    /// - Returns: whether it is there; if not, `errno` says why.
    public static func make(_ path: String) -> Bool {
        var path = path[...]
        var missing: [String] = []
        while !path.isEmpty, mkdir(String(path), 0o755) != 0 {
            if errno == EEXIST { break }
            guard errno == ENOENT, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return false }
            missing.append(String(path))
            path = path[..<slash]
        }
        return missing.reversed().allSatisfy { mkdir($0, 0o755) == 0 || errno == EEXIST }
    }

    /// Takes away a file, or a folder with all that is in it; links are not followed.
    public static func removeAll(_ path: String) {
        guard exists(path, followsLinks: false) else {
            unlink(path)
            return
        }
        for name in names(in: path) ?? [] { removeAll("\(path)/\(name)") }
        rmdir(path)
    }
}
