import Basics
import Client
import JSON

/// What `apply` and `diff` are given.
enum AppliedInput {
    /// Objects for the writable layer.
    case documents([AppliedDocument])
    /// A content pack, which is a layer of its own.
    case pack(PackSource)

    /// What is at the paths.
    ///
    /// - Throws: `ClientError` of kind `usage` that names the file, also when a pack comes with anything else.
    static func read(_ paths: [String]) throws(ClientError) -> AppliedInput {
        let inputs = try paths.map { path throws(ClientError) in try AppliedDocument.read(path) }
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
    static func read(_ path: String) throws(ClientError) -> AppliedInput {
        if path != "-", LocalFile.isFolder(path) { return .documents(try readFolder(path)) }
        var documents: [AppliedDocument] = []
        var values = try InputDocument.values(of: path)
        if values.count == 1, let elements = values[0].arrayValue { values = elements }
        for (index, value) in values.enumerated() {
            let source = "\(path == "-" ? "standard input" : path), document \(index + 1)"
            if value["meta"] != nil, value["sections"] != nil {
                guard values.count == 1 else {
                    throw ClientError(
                        .usage, "\(source) is a content pack, which goes alone: give it a file of its own")
                }
                return .pack(path == "-" ? PackSource("standard input", value) : try PackSource(path))
            }
            guard let type = value["type"]?.stringValue, let object = value["object"]?.objectValue else {
                throw ClientError(.usage, "\(source) must have `type` and `object`")
            }
            documents.append(AppliedDocument(type: type, object: object, source: source))
        }
        return .documents(documents)
    }

    private static func readFolder(_ path: String) throws(ClientError) -> [AppliedDocument] {
        var documents: [AppliedDocument] = []
        for type in try LocalFile.names(in: path) where LocalFile.isFolder("\(path)/\(type)") {
            for name in try LocalFile.names(in: "\(path)/\(type)") {
                guard [".yaml", ".yml", ".json"].contains(where: { name.hasByteSuffix($0) }) else { continue }
                let source = "\(path)/\(type)/\(name)"
                let values = try InputDocument.values(of: source)
                guard values.count == 1, let object = values[0].objectValue else {
                    throw ClientError(.usage, "\(source) must hold one object")
                }
                documents.append(AppliedDocument(type: type, object: object, source: source))
            }
        }
        if documents.isEmpty {
            throw ClientError(.usage, "\(path) has no TYPE/NAME.yaml, as machines/web-1.yaml")
        }
        return documents
    }
}
