import JSON
import Store

/// Files of keys that are a folder, NUL and a name, and of values that are eight bytes and JSON: as the tracker's, without types.
struct PlainLayout: FileLayout {
    let folders = ["hosts", "racks"]
    let emptyHead = [UInt8](repeating: 0, count: 8)

    func place(of key: [UInt8]) -> FilePlace? {
        guard let end = key.firstIndex(of: 0), end + 1 < key.count else { return nil }
        let (folder, name) = (
            String(decoding: key[..<end], as: UTF8.self), String(validating: key[(end + 1)...], as: UTF8.self)
        )
        guard let name, folders.contains(where: { $0.utf8.elementsEqual(folder.utf8) }) else { return nil }
        return FilePlace(folder: folder, name: name)
    }

    func key(at place: FilePlace) -> [UInt8]? {
        place.name.contains("!") ? nil : Array(place.folder.utf8) + [0] + Array(place.name.utf8)
    }

    func parts(of value: [UInt8]) -> (head: [UInt8], document: JSONDocument)? {
        guard value.count > 8, JSONDocument.isCanonical(Array(value[8...])) else { return nil }
        return (Array(value[..<8]), JSONDocument(canonical: Array(value[8...])))
    }

    func shown(_ document: JSONDocument, at place: FilePlace) -> JSONDocument { document.rewriting(omit: ["Secret"]) }

    func text(of value: JSONValue, _ codec: FileCodec) -> String { value.prettyText() + "\n" }

    func object(of text: [UInt8], _ codec: FileCodec, at place: FilePlace) throws(FileProblem) -> JSONObject {
        guard let object = try value(of: text, codec).objectValue else { throw FileProblem("it holds no object") }
        return object
    }

    func value(of text: [UInt8], _ codec: FileCodec) throws(FileProblem) -> JSONValue {
        do { return try JSONValue(parsing: text) } catch { throw FileProblem("it is no JSON: \(error)") }
    }

    /// The kinds of store that are made of files.
    static let kinds = StoreKinds.local(showing: PlainLayout())
}
