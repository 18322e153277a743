import Basics
public import Store

/// A backup with those that it goes on from, oldest first.
public enum BackupFamily {
    /// The most backups that may stand before one.
    private static let most = 10_000

    /// The paths of the backups that `path` goes on from, and of itself. They are looked for in its folder.
    ///
    /// - Throws: `notFound` naming what is missing, `corrupt` if a header cannot be read.
    public static func paths(of path: String) throws(StoreError) -> [String] {
        var paths = [path]
        var header = try BackupHeader(path: path)
        let folder = Directory.folder(of: path)
        var others: [(path: String, header: BackupHeader)]?
        while let point = header.since, paths.count < most {
            if others == nil { others = try headers(in: folder) }
            let before = others?.first { other in
                other.header.store.hasSameUTF8(as: header.store) && other.header.revision == point.revision
                    && other.header.mark.hasSameUTF8(as: point.mark) && !paths.contains(other.path)
            }
            guard let before else {
                throw StoreError(
                    .notFound,
                    "the backup \(paths[0]) goes on from one that ends at revision \(point.revision), which is not in \(folder): "
                        + "put it there")
            }
            paths.insert(before.path, at: 0)
            header = before.header
        }
        return paths
    }

    private static func headers(in folder: String) throws(StoreError) -> [(path: String, header: BackupHeader)] {
        try Directory.names(folder).compactMap { name in
            let path = "\(folder)/\(name)"
            // What is no backup is none of this one's business.
            return (try? BackupHeader(path: path)).map { (path, $0) }
        }
    }
}

extension BackupHeader {
    /// The header of the backup at `path`.
    ///
    /// - Throws: `notFound`, `unsupported`, or `corrupt`.
    public init(path: String) throws(StoreError) {
        let reader = try BackupReader(path)
        self = try reader.header()
    }
}
