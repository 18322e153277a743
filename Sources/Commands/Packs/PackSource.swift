import Basics
import Client
import Content
import JSON
import Store

/// A content pack on this machine: a folder with a file for each object, or one file with all of it.
struct PackSource {
    /// Where it is.
    let path: String
    /// `{meta, sections}`.
    let content: JSONValue
    /// What is odd about it, though it can be used.
    let warnings: [String]

    /// The pack at `path`.
    ///
    /// - Throws: `ClientError` of kind `usage` with all that is wrong with its files, a line each.
    init(_ path: String) throws(ClientError) {
        do throws(BundleError) {
            let reading = try PackBundle(path, catalog: PackTools.current.reader.catalog).read()
            (self.path, content, warnings) = (path, reading.content, reading.warnings.map(\.description))
        } catch {
            throw ClientError(.usage, "the pack \(path) cannot be read:\n" + error.description)
        }
        if content["meta"]?.objectValue == nil {
            throw ClientError(.usage, "\(path) is no content pack: it has no `meta`. `muster packs new` makes one")
        }
    }

    /// A pack that is no file.
    ///
    /// - Parameter path: what errors call it.
    init(_ path: String, _ content: JSONValue) { (self.path, self.content, warnings) = (path, content, []) }

    /// The pack's name.
    var name: String { content["meta"]?["Name"]?.stringValue ?? "" }

    /// The pack's version.
    var version: String { content["meta"]?["Version"]?.stringValue ?? "" }

    /// The pack as it is sent: if it says nothing of where it came from, and is part of a git working tree, with that in
    /// `CodeSource`.
    var sent: JSONValue {
        guard var pack = content.objectValue, var meta = pack["meta"]?.objectValue else { return content }
        if meta["CodeSource"]?.stringValue?.isEmpty ?? true, let checkout = GitCheckout(around: folder) {
            meta["CodeSource"] = .string(checkout.source)
        }
        pack["meta"] = .object(meta)
        return .object(pack)
    }

    /// The folder that the pack is, or is in.
    private var folder: String {
        var path = path
        while path.utf8.count > 1, path.hasByteSuffix("/") { path.removeLast() }
        if LocalFile.isFolder(path) { return path }
        return Directory.folder(of: path)
    }
}
