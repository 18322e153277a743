import Basics
import Client
import Content
import JSON
import Store
import Tracker

/// A content pack on this machine: a folder with a file for each object, or one file with all of it.
struct PackSource: Sendable {
    /// What messages call it: where it is.
    let path: String
    /// `{meta, sections}`.
    let content: JSONValue
    /// What is odd about it, though it can be used.
    let warnings: [String]
    /// The folder that it is, or is in; nil if it is none here.
    private let folder: String?

    /// The pack at a path.
    ///
    /// - Throws: `ClientError` of kind `usage` with all that is wrong with its files, a line each.
    static func read(_ path: String) async throws(ClientError) -> PackSource {
        let catalog = PackTools.current.reader.catalog
        return try await BlockingPool.shared.run { () throws(ClientError) in try PackSource(path, catalog) }
    }

    /// The pack at `path`, which is read at once.
    ///
    /// - Parameter catalog: the types that its objects are of.
    /// - Throws: `ClientError` of kind `usage` with all that is wrong with its files, a line each.
    @available(*, noasync)
    init(_ path: String, _ catalog: Catalog) throws(ClientError) {
        var folder = path
        while folder.utf8.count > 1, folder.hasByteSuffix("/") { folder.removeLast() }
        if !LocalFile.isFolder(folder) { folder = Directory.folder(of: folder) }
        try self.init(PackBundle(path, catalog: catalog), path, folder)
    }

    /// The pack in a text that was read already, by the rules of files.
    ///
    /// - Throws: `ClientError` of kind `usage` with what is wrong with it.
    init(_ input: InputDocument) throws(ClientError) {
        let catalog = PackTools.current.reader.catalog
        let bundle = PackBundle(input.bytes, named: input.name, isJSON: input.isJSON, catalog: catalog)
        try self.init(bundle, input.name, input.path.map { Directory.folder(of: $0) })
    }

    private init(_ bundle: PackBundle, _ path: String, _ folder: String?) throws(ClientError) {
        do throws(BundleError) {
            let reading = try bundle.read()
            (self.path, content, warnings) = (path, reading.content, reading.warnings.map(\.description))
            self.folder = folder
        } catch {
            throw ClientError(.usage, "the pack \(path) cannot be read:\n" + error.description)
        }
        if content["meta"]?.objectValue == nil {
            throw ClientError(.usage, "\(path) is no content pack: it has no `meta`. `muster packs new` makes one")
        }
    }

    /// The pack's name.
    var name: String { content["meta"]?["Name"]?.stringValue ?? "" }

    /// The pack's version.
    var version: String { content["meta"]?["Version"]?.stringValue ?? "" }

    /// The pack as it is sent: if it says nothing of where it came from, and is part of a git working tree, with that in
    /// `CodeSource`.
    @available(*, noasync)
    func sent() -> JSONValue {
        guard let folder, var pack = content.objectValue, var meta = pack["meta"]?.objectValue else { return content }
        if meta["CodeSource"]?.stringValue?.isEmpty ?? true, let checkout = GitCheckout(around: folder) {
            meta["CodeSource"] = .string(checkout.source)
        }
        pack["meta"] = .object(meta)
        return .object(pack)
    }
}
