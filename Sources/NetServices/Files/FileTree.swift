public import Basics
import Glibc
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
        /// A file that is being fetched.
        case arriving(ArrivingFile)
    }

    /// The directory of the files.
    public let root: String
    private let view: @Sendable () -> Snapshot
    private let services: RenderServices
    private let lookaside: Lookaside?

    /// Renders as much at once as there are processors: more threads than that would only wait for each other.
    private static let rendering = WorkQueue<SoleOwner>(
        width: max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))), limit: 4_096)

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
        let rendered = try await Self.rendering.run { () throws(RenderError) in try render(path, for: location) }
        guard let rendered else { throw RenderError("too much is being rendered: ask again") }
        switch rendered {
        case .bytes(let bytes): return .rendered(bytes)
        case .path(let path):
            if let file = await BlockingPool.shared.run({ [root] in StoredFile("\(root)/\(path)") }) {
                return .stored(file)
            }
            return await fetched(path)
        }
    }

    /// What is at a path elsewhere; nil if nothing is.
    private func fetched(_ path: String) async -> Node? {
        guard let lookaside, let url = PackageSource.url(of: path, in: view()) else { return nil }
        return switch await lookaside.file(at: url) {
        case .kept(let file): .stored(file)
        case .arriving(let file): .arriving(file)
        case nil: nil
        }
    }

    /// What rendering makes of a path.
    private enum Rendered: Sendable {
        /// What it shows.
        case bytes([UInt8])
        /// The path of a file, for what is not rendered.
        case path(String)
    }

    private func render(_ path: String, for location: ServerLocation) throws(RenderError) -> Rendered {
        let tree = RenderedTree(view(), at: location, services)
        var path = path
        for _ in 0...Self.mostLinks {
            guard let entry = try tree.entry(at: path) else { return .path(path) }
            switch try tree.contents(of: entry) {
            case .text(let text): return .bytes(Array(text.utf8))
            case .link(let target): path = target
            }
        }
        throw RenderError("\(path) is behind more than \(Self.mostLinks) links")
    }
}
