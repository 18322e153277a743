import Basics
import Client
import Glibc
import JSON

/// One object that a file or a folder says how it is to be.
struct AppliedDocument {
    /// The type's name, as it was given.
    let type: String
    /// The members that are to be; others of an object that is there stay.
    let object: JSONObject
    /// Where it was read.
    let source: String

    /// The documents at a path: a folder `TYPE/NAME.yaml`, as packs have it, or a file of documents `{type, object}`; `-`
    /// is standard input.
    ///
    /// - Throws: `ClientError` of kind `usage` that names the file.
    static func read(_ path: String) throws(ClientError) -> [AppliedDocument] {
        if path != "-", isFolder(path) { return try readFolder(path) }
        var documents: [AppliedDocument] = []
        for (index, value) in try InputDocument.values(of: path).enumerated() {
            let source = "\(path == "-" ? "standard input" : path), document \(index + 1)"
            if value["meta"] != nil, value["sections"] != nil {
                throw ClientError(.usage, "\(source) is a content pack: upload it with `muster packs upload`")
            }
            guard let type = value["type"]?.stringValue, let object = value["object"]?.objectValue else {
                throw ClientError(.usage, "\(source) must have `type` and `object`")
            }
            documents.append(AppliedDocument(type: type, object: object, source: source))
        }
        return documents
    }

    private static func readFolder(_ path: String) throws(ClientError) -> [AppliedDocument] {
        var documents: [AppliedDocument] = []
        for type in try names(in: path) where isFolder("\(path)/\(type)") {
            for name in try names(in: "\(path)/\(type)") {
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

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func names(in folder: String) throws(ClientError) -> [String] {
        guard let handle = opendir(folder) else {
            throw ClientError(.usage, "cannot read \(folder): \(String(cString: strerror(errno)))")
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasBytePrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
