public import Basics
import Glibc

/// A folder of files that clients upload (C §17.1). Its calls block.
public struct BlobFolder: Sendable {
    /// Why something cannot be done.
    public enum Failure: Error, Sendable, Hashable {
        /// There is no such file or folder.
        case notFound
        /// A folder is not empty, or the system refuses it.
        case refused(String)
        /// There is no room.
        case full
    }

    /// The folder's path.
    public let root: String

    /// How many names a list has at the most.
    private static let mostNames = 1_000_000
    /// What files are called while they are uploaded.
    static let draftPrefix = ".upload-"

    /// A folder.
    public init(_ root: String) { self.root = root }

    /// The names in a folder below, sorted, those of folders with a slash at the end.
    ///
    /// - Parameters:
    ///   - path: of the folder below; empty for this one.
    ///   - all: whether what is in folders further down is listed too, by paths.
    /// - Throws: `notFound`.
    public func names(in path: String, all: Bool) throws(Failure) -> [String] {
        var names: [String] = []
        try collect("\(root)/\(path)", prefix: "", all: all, into: &names)
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func collect(
        _ folder: String, prefix: String, all: Bool, into names: inout [String]
    ) throws(Failure) {
        guard let found = Folder.names(in: folder) else { throw .notFound }
        for name in found where !name.hasBytePrefix(Self.draftPrefix) {
            if names.count >= Self.mostNames { return }
            var status = stat()
            guard stat("\(folder)/\(name)", &status) == 0 else { continue }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                names.append(prefix + name)
                continue
            }
            if all {
                // Links between folders may go round in circles.
                guard Folder.exists("\(folder)/\(name)", followsLinks: false) else { continue }
                try? collect("\(folder)/\(name)", prefix: "\(prefix)\(name)/", all: all, into: &names)
            } else {
                names.append("\(prefix)\(name)/")
            }
        }
    }

    /// A file; nil if there is none.
    public func file(_ path: String) -> StoredFile? { StoredFile("\(root)/\(path)") }

    /// Begins a file, in a folder that is made if need be. It is there once it is whole.
    public func upload(_ path: String) throws(Failure) -> BlobUpload { try BlobUpload("\(root)/\(path)") }

    /// Takes away a file, or a folder that is empty.
    ///
    /// - Throws: `notFound` or `refused`.
    public func remove(_ path: String) throws(Failure) {
        let full = "\(root)/\(path)"
        if unlink(full) == 0 || errno == EISDIR && rmdir(full) == 0 { return }
        if errno == ENOENT { throw .notFound }
        throw .refused(String(cString: strerror(errno)))
    }
}
