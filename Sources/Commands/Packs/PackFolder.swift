import Basics
import Client
import Content
import JSON

/// A pack as a folder: its metadata a file a field, its objects a file each (C §14.3).
struct PackFolder {
    /// A file of the folder.
    struct File {
        /// Its path below the folder.
        let path: String
        let text: String
    }

    /// The files, in the order of their paths.
    private(set) var files: [File] = []

    /// The folder of a pack.
    ///
    /// - Throws: `ClientError` of kind `usage` when two objects would be in one file, or a section's name leads elsewhere.
    init(_ content: JSONValue) throws(ClientError) {
        for (field, value) in content["meta"]?.objectValue?.members.map({ ($0.key, $0.value) }) ?? [] {
            guard let text = value.stringValue, !text.isEmpty, field != "Type" else { continue }
            try Self.demandName(field)
            files.append(File(path: "._\(field).meta", text: text + "\n"))
        }
        var owners: [Identifier: String] = [:]
        for (type, section) in content["sections"]?.objectValue?.members.map({ ($0.key, $0.value) }) ?? [] {
            try Self.demandName(type)
            for (key, object) in section.objectValue?.members.map({ ($0.key, $0.value) }) ?? [] {
                let file = Self.file(type, key, object)
                if let other = owners.updateValue(key, forKey: Identifier(file.path)) {
                    throw ClientError(.usage, "\(type)/\(other) and \(type)/\(key) would both be in \(file.path)")
                }
                files.append(file)
            }
        }
        files.sort { $0.path.precedesInUTF8($1.path) }
    }

    /// Writes the files into a folder, which is made if it is not there.
    ///
    /// - Parameter replacing: whether files may be replaced; files that the pack does not have stay.
    /// - Throws: `ClientError` of kind `usage`; before anything is written if a file is there that may not be replaced.
    @available(*, noasync)
    func write(to folder: String, replacing: Bool) throws(ClientError) {
        if !replacing, let first = files.first(where: { LocalFile.exists("\(folder)/\($0.path)") }) {
            throw ClientError(.usage, "\(folder)/\(first.path) is there already. --force replaces it")
        }
        try LocalFile.makeFolder(folder)
        var made: Set<Identifier> = []
        for file in files {
            let section = file.path.parts(between: "/")
            if section.count > 1, made.insert(Identifier(String(section[0]))).inserted {
                let name = "\(folder)/\(section[0])"
                if LocalFile.isLink(name) {
                    throw ClientError(.usage, "\(name) is a symbolic link, which is not followed: remove it")
                }
                try LocalFile.makeFolder(name)
            }
            try LocalFile.write(file.text, to: "\(folder)/\(file.path)")
        }
    }

    private static func file(_ type: String, _ key: String, _ object: JSONValue) -> File {
        let name = String(decoding: key.utf8.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: ".") : $0 }, as: UTF8.self)
        if type == "templates", let text = rawTemplate(key, object) { return File(path: "\(type)/\(key)", text: text) }
        return File(path: "\(type)/\(name).yaml", text: YAMLText.text(of: object))
    }

    /// The text of a template that is a file of its own: one that has nothing but its text, and a name that says so.
    private static func rawTemplate(_ key: String, _ object: JSONValue) -> String? {
        guard let members = object.objectValue, let text = members["Contents"]?.stringValue else { return nil }
        let others = members.filter { !["ID", "Contents"].contains($0.key) && !isBlank($0.value) }
        let isStructured = [".yaml", ".yml", ".json"].contains { key.hasByteSuffix($0) }
        let isName = !key.hasBytePrefix(".") && !key.utf8.contains(UInt8(ascii: "/"))
        return others.isEmpty && isName && !isStructured ? text : nil
    }

    private static func isBlank(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool(false): true
        case .string(let text): text.isEmpty
        case .array(let values): values.isEmpty
        case .object(let object): object.isEmpty
        case .bool, .number: false
        }
    }

    private static func demandName(_ name: String) throws(ClientError) {
        let isPlain = !name.isEmpty && !name.hasBytePrefix(".") && !name.utf8.contains { $0 == 0x2F || $0 == 0 }
        guard isPlain else { throw ClientError(.usage, "`\(name)` cannot be the name of a part of a pack's folder") }
    }
}
