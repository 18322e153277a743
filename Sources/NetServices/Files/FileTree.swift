public import Basics
public import Provisioning
public import Tracker

/// The one tree that machines boot from, over HTTP, HTTPS and TFTP: the files below the file root, overlaid by those that are
/// rendered when somebody asks for them (C §16, §17.3).
public struct FileTree: Sendable {
    /// What is at a path.
    public enum Node: Sendable {
        /// Bytes that were made for whoever asks.
        case rendered([UInt8])
        /// A file on disk.
        case stored(StoredFile)
    }

    /// The directory of the files.
    public let root: String
    private let view: @Sendable () -> Snapshot
    private let services: RenderServices
    private let lookaside: Lookaside?

    /// How many links lead from one path to the next.
    private static let mostLinks = 5

    /// A tree.
    ///
    /// - Parameters:
    ///   - root: the directory of the files.
    ///   - view: gives the newest state.
    ///   - services: what rendering takes.
    ///   - lookaside: has files of package repositories that are not here; nil to do without.
    public init(
        root: String, _ services: RenderServices, lookaside: Lookaside? = nil, view: @escaping @Sendable () -> Snapshot
    ) {
        (self.root, self.services, self.lookaside, self.view) = (root, services, lookaside, view)
    }

    /// What is at a path; nil if nothing is.
    ///
    /// - Parameters:
    ///   - path: below the root, without a slash at the start and without parts that lead up.
    ///   - location: where the client reaches the server.
    /// - Throws: why what is there cannot be rendered.
    public func node(at path: String, for location: ServerLocation) async throws(RenderError) -> Node? {
        // Rendering may take long, and opening a file waits for the disk.
        let found = try await BlockingPool.shared.run { () throws(RenderError) in try find(path, for: location) }
        if let found { return found }
        guard let lookaside, let url = PackageSource.url(of: path, in: view()) else { return nil }
        return await lookaside.file(at: url).map { .stored($0) }
    }

    /// As `node(at:for:)`, on the caller's thread.
    func find(_ path: String, for location: ServerLocation) throws(RenderError) -> Node? {
        let tree = RenderedTree(view(), at: location, services)
        var path = path
        for _ in 0...Self.mostLinks {
            guard let entry = try tree.entry(at: path) else { return StoredFile("\(root)/\(path)").map { .stored($0) } }
            switch try tree.contents(of: entry) {
            case .text(let text): return .rendered(Array(text.utf8))
            case .link(let target): path = target
            }
        }
        throw RenderError("\(path) is behind more than \(Self.mostLinks) links")
    }
}
