/// What static files there are.
public struct FileCatalog: Sendable {
    /// Whether a regular file exists; the path is relative to `tftpboot`, without a leading slash: `isos/debian-12.iso`.
    public let contains: @Sendable (_ path: String) -> Bool

    /// A catalog that answers by `contains`, which must be quick: it is asked while objects are checked.
    public init(contains: @escaping @Sendable (_ path: String) -> Bool) { self.contains = contains }

    /// No files at all.
    public static let empty = FileCatalog { _ in false }
}
