import Basics
import Client
import JSON
import Tracker

/// What a server would pass over in a pack without a word: sections of no type, and members that no field has.
struct PackLint {
    private let pack: PackSource
    private let catalog: Catalog

    /// The check of a pack against the types of a server.
    init(_ pack: PackSource, _ catalog: Catalog) { (self.pack, self.catalog) = (pack, catalog) }

    /// What is passed over, a line each.
    ///
    /// - Throws: `ClientError` of kind `usage` if the pack's folder cannot be read.
    @available(*, noasync)
    func warnings() throws(ClientError) -> [String] { try unknownSections() + unknownFields }

    private func unknownSections() throws(ClientError) -> [String] {
        var names = (pack.content["sections"]?.objectValue ?? [:]).members.map(\.key)
        if LocalFile.isFolder(pack.path) {
            // A folder is read for its types only, so that what else it holds is in no section.
            names += try LocalFile.names(in: pack.path).filter { LocalFile.isFolder("\(pack.path)/\($0)") }
        }
        let unknown = names.filter { catalog.visibleType(TypeName($0)) == nil }
        return unknown.map { name in
            let near = NearestWord.to(name, among: catalog.visibleTypes.map(\.typeName.rawValue))
            return "\(name): there is no type of this name" + Self.hint(near)
        }
    }

    private var unknownFields: [String] {
        var warnings: [String] = []
        for (name, section) in (pack.content["sections"]?.objectValue ?? [:]).members.map({ ($0.key, $0.value) }) {
            guard let type = catalog.visibleType(TypeName(name)), let objects = section.objectValue else { continue }
            let fields = type.schema.fields.map(\.name)
            let known = Set(fields.map { Identifier($0.asciiLowercased) })
            for object in objects.members {
                for member in object.value.objectValue?.members ?? []
                where !known.contains(Identifier(member.key.asciiLowercased)) {
                    let near = NearestWord.to(member.key, among: fields)
                    warnings.append("\(name)/\(object.key): there is no field \(member.key)" + Self.hint(near))
                }
            }
        }
        return warnings
    }

    private static func hint(_ near: String?) -> String { near.map { ". Did you mean \($0)?" } ?? "" }
}
