import Basics
import Client
import Content
import JSON
import Tracker

/// What `apply` and `diff` are given.
enum AppliedInput {
    /// Objects for the writable layer.
    case documents([AppliedDocument])
    /// A content pack, which is a layer of its own.
    case pack(PackSource)

    /// What is at the paths.
    ///
    /// - Throws: `ClientError` of kind `usage` that names the file, also when a pack comes with anything else.
    static func read(_ paths: [String]) async throws(ClientError) -> AppliedInput {
        var inputs: [AppliedInput] = []
        for path in paths { inputs.append(try await AppliedDocument.read(path)) }
        if inputs.count == 1 { return inputs[0] }
        var all: [AppliedDocument] = []
        for input in inputs {
            switch input {
            case .documents(let documents): all += documents
            case .pack(let pack):
                let others = paths.filter { !$0.hasSameUTF8(as: pack.path) }.joined(separator: ", ")
                throw ClientError(.usage, "\(pack.path) is a content pack, which does not go together with \(others)")
            }
        }
        return .documents(all)
    }
}

/// One object that a file or a folder says how it is to be.
struct AppliedDocument {
    /// The type's name, as it was given.
    let type: String
    /// The members that are to be; others of an object that is there stay.
    let object: JSONObject
    /// Where it was read.
    let source: String

    /// The documents at a path: a folder `TYPE/NAME.yaml`, as packs have it, or a file of documents `{type, object}`, one after
    /// the other or in a JSON array; `-` is standard input.
    ///
    /// - Throws: `ClientError` of kind `usage` that names the file.
    static func read(_ path: String) async throws(ClientError) -> AppliedInput {
        if path != "-" {
            let files = try await BlockingPool.shared.run { () throws(ClientError) in try filesOfFolder(path) }
            if let files { return .documents(try await read(files, of: path)) }
        }
        let input = try await InputDocument(reading: path)
        var (values, remarks) = try input.values { document in
            document["type"]?.stringValue.flatMap { ObjectShape.of($0) }.map { ObjectSchema.document($0) }
        }
        if values.count == 1, let elements = values[0].arrayValue { values = elements }
        var documents: [AppliedDocument] = []
        documents.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            func source() -> String { "\(input.name), document \(index + 1)" }
            guard let type = value["type"]?.stringValue, let object = value["object"]?.objectValue else {
                guard value["meta"] != nil, value["sections"] != nil else {
                    throw ClientError(.usage, "\(source()) must have `type` and `object`")
                }
                guard values.count == 1 else {
                    throw ClientError(
                        .usage, "\(source()) is a content pack, which goes alone: give it a file of its own")
                }
                return .pack(try PackSource(input))
            }
            documents.append(AppliedDocument(type: type, object: object, source: source()))
        }
        for remark in remarks { Console.note(remark) }
        return .documents(documents)
    }

    /// The files `TYPE/NAME.yaml` of a folder with their types; nil if it is none.
    @available(*, noasync)
    private static func filesOfFolder(_ path: String) throws(ClientError) -> [(type: String, path: String)]? {
        guard LocalFile.isFolder(path) else { return nil }
        var files: [(type: String, path: String)] = []
        for type in try LocalFile.names(in: path) where LocalFile.isFolder("\(path)/\(type)") {
            for name in try LocalFile.names(in: "\(path)/\(type)")
            where [".yaml", ".yml", ".json"].contains(where: { name.hasByteSuffix($0) }) {
                files.append((type, "\(path)/\(type)/\(name)"))
            }
        }
        return files
    }

    private static func read(
        _ files: [(type: String, path: String)], of folder: String
    ) async throws(ClientError) -> [AppliedDocument] {
        if files.isEmpty { throw ClientError(.usage, "\(folder) has no TYPE/NAME.yaml, as machines/web-1.yaml") }
        var documents: [AppliedDocument] = []
        for (type, path) in files {
            let object = try await InputDocument(reading: path).object(as: ObjectShape.of(type))
            documents.append(AppliedDocument(type: type, object: object, source: path))
        }
        return documents
    }
}

/// What objects look like, as far as this program knows their types.
enum ObjectShape {
    /// The shape of objects of a type, by its name or an alias; nil if it is not known here, as that of a plug-in.
    static func of(_ type: String) -> FieldType? {
        let (catalog, wanted) = (PackTools.current.reader.catalog, type.asciiLowercased)
        let known =
            catalog.visibleType(TypeName(wanted))
            ?? catalog.visibleTypes.first {
                $0.typeName.singular?.hasSameUTF8(as: wanted) ?? false
            }
        return known.map { .record($0.schema) }
    }
}

extension ObjectSchema {
    /// The shape of a document `{type, object}`.
    fileprivate static func document(_ object: FieldType) -> FieldType {
        .record(ObjectSchema("Document", [Field("type", .string), Field("object", object)], isOpen: true))
    }
}
