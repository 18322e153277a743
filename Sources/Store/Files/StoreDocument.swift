import Basics
import JSON

/// All of a store as one JSON value (C §14.5):
///
/// ```
/// {"meta": {}, "sections": {"machines": {"<key>": {…}}}, "muster": {"format": 1, "checksum": …, "heads": …, "entries": …}}
/// ```
///
/// Objects are in `sections`, as in a content pack; what stands in front of their JSON is in `heads`, and all other values in
/// `entries`, both as Base64. The checksum tells a document that was damaged, or edited by hand, from one that the store wrote.
enum StoreDocument {
    /// The newest format.
    private static let format = 1

    /// The document of what tables hold.
    static func document(of tables: Tables, _ layout: any FileLayout) -> JSONValue {
        var sections: [Identifier: [(String, JSONValue)]] = [:]
        var heads: [Identifier: [(String, JSONValue)]] = [:]
        var entries: [(String, JSONValue)] = []
        for keyspace in Keyspace.allCases {
            var others: [(String, JSONValue)] = []
            for entry in tables.entries(keyspace) {
                if keyspace == .data, let place = layout.place(of: entry.key), let parts = layout.parts(of: entry.value)
                {
                    sections[Identifier(place.folder), default: []].append((place.name, parts.document.value()))
                    heads[Identifier(place.folder), default: []].append((place.name, base64(parts.head)))
                } else {
                    others.append((Base64.encode(entry.key), base64(entry.value)))
                }
            }
            if !others.isEmpty { entries.append((keyspace.rawValue, .object(JSONObject(others)))) }
        }
        var own: JSONObject = [
            "format": JSONValue(format), "heads": object(heads), "entries": .object(JSONObject(entries)),
        ]
        var content: JSONObject = ["meta": [:], "sections": object(sections), "muster": .object(own)]
        own["checksum"] = checksum(content)
        content["muster"] = .object(own)
        return .object(content)
    }

    /// The tables of the document at `path`.
    ///
    /// - Throws: `corrupt` if it is not as a store wrote it, `unsupported` if a newer program did.
    static func tables(of path: String, _ layout: any FileLayout) throws(StoreError) -> Tables {
        guard let text = try PlainFile.read(path), !text.isEmpty else { throw unreadable(path, "it is empty") }
        let isJSON = text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{")
        let value: JSONValue
        do throws(FileProblem) { value = try layout.value(of: text, isJSON ? .json : .yaml) } catch {
            throw unreadable(path, error.reason)
        }
        guard let content = value.objectValue, let own = content["muster"]?.objectValue,
            let found = own["format"]?.intValue
        else {
            throw unreadable(path, "it is no document of this program's")
        }
        guard found <= format else {
            throw StoreError(
                .unsupported,
                "the store \(path) has format \(found), and this program knows up to \(format): use a newer one")
        }
        // Who takes the checksum out says that the document is as it is meant to be.
        guard own["checksum"] == nil || own["checksum"] == checksum(content) else {
            throw unreadable(
                path,
                "it was damaged or edited by hand. If you edited it, remove the line with its checksum to have it taken"
            )
        }
        return try tables(content, own, path, layout)
    }

    private static func tables(
        _ content: JSONObject, _ own: JSONObject, _ path: String, _ layout: any FileLayout
    ) throws(StoreError) -> Tables {
        var batch = WriteBatch()
        for (folder, section) in content["sections"]?.objectValue ?? [:] {
            for (name, document) in section.objectValue ?? [:] {
                guard let key = layout.key(at: FilePlace(folder: folder, name: name)) else {
                    throw unreadable(path, "\(name) is no key of the type \(folder)")
                }
                let head = own["heads"]?[folder]?[name]?.stringValue.flatMap(Base64.decode)
                batch.put(.data, key: key, value: (head ?? layout.emptyHead) + document.canonicalBytes())
            }
        }
        for (name, entries) in own["entries"]?.objectValue ?? [:] {
            guard let keyspace = Keyspace(rawValue: name) else { throw unreadable(path, "it has the keyspace \(name)") }
            for (key, value) in entries.objectValue ?? [:] {
                guard let key = Base64.decode(key), let value = value.stringValue.flatMap(Base64.decode), !key.isEmpty
                else { throw unreadable(path, "an entry of \(name) is no Base64") }
                batch.put(keyspace, key: key, value: value)
            }
        }
        var tables = Tables()
        tables.apply(batch)
        return tables
    }

    /// The checksum of all but itself.
    private static func checksum(_ content: JSONObject) -> JSONValue {
        var plain = content
        if var own = content["muster"]?.objectValue {
            own.removeValue(forKey: "checksum")
            plain["muster"] = .object(own)
        }
        let sum = JSONValue.object(plain).canonicalBytes().withUnsafeBytes { CRC32C.checksum($0) }
        return .string(Hexadecimal.encode(withUnsafeBytes(of: sum.bigEndian) { Array($0) }))
    }

    private static func object(_ members: [Identifier: [(String, JSONValue)]]) -> JSONValue {
        .object(JSONObject(members.map { ($0.key.text, .object(JSONObject($0.value))) }))
    }

    private static func base64(_ bytes: [UInt8]) -> JSONValue { .string(Base64.encode(bytes)) }

    private static func unreadable(_ path: String, _ reason: String) -> StoreError {
        StoreError(.corrupt, "the store \(path) cannot be read: \(reason)")
    }
}
