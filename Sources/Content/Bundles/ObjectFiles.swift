import Basics
public import JSON
public import Store
public import Tracker

/// Objects as files, one each, laid out as in a content pack (C §14.3, §14.5): those of the types that clients create and change
/// one by one. What the server keeps for itself, as preferences with their secrets, is in no file.
public struct ObjectFiles: FileLayout {
    private let catalog: Catalog

    /// The files of the types of a catalog.
    public init(_ catalog: Catalog) { self.catalog = catalog }

    /// The types that files show.
    public var folders: [String] { catalog.visibleTypes.map(\.typeName.rawValue).filter { type(of: $0) != nil } }

    private func type(of folder: String) -> ObjectType? {
        guard let type = catalog.visibleType(TypeName(folder)) else { return nil }
        return type.traits.contains(.writable) && !type.traits.contains(.internalOnly) ? type : nil
    }

    /// The place of an object that is no secret.
    public func place(of key: [UInt8]) -> FilePlace? {
        guard let id = StoredEntry.id(ofKey: key, catalog), type(of: id.typeName.rawValue) != nil else { return nil }
        let name = id.key.string
        // A key that no text leads back to is in no file.
        let place = FilePlace(folder: id.typeName.rawValue, name: name)
        let found = self.key(at: place)
        return !name.isEmpty && found?.elementsEqual(key) == true ? place : nil
    }

    /// The key of the object that a file is to show.
    public func key(at place: FilePlace) -> [UInt8]? {
        guard let type = type(of: place.folder), let key = type.key.spelled(place.name) else {
            return nil
        }
        return StoredEntry.key(of: ObjectID(type.typeName, key))
    }

    /// A stored value in its parts.
    public func parts(of value: [UInt8]) -> (head: [UInt8], document: JSONDocument)? { StoredEntry.parts(of: value) }

    /// No commit.
    public var emptyHead: [UInt8] { StoredEntry.emptyHead }

    /// The object without what must not be read by everybody.
    public func shown(_ document: JSONDocument, at place: FilePlace) -> JSONDocument {
        type(of: place.folder)?.shareable(document) ?? document
    }

    /// YAML or JSON, with the members in the order of their names.
    public func text(of value: JSONValue, _ codec: FileCodec) -> String {
        switch codec {
        case .yaml: YAMLText.text(of: value)
        case .json: value.prettyText() + "\n"
        }
    }

    /// The object of a file, whose key must be the one that the file's name says.
    public func object(
        of text: [UInt8], _ codec: FileCodec, at place: FilePlace
    ) throws(FileProblem) -> JSONObject {
        guard let type = type(of: place.folder) else {
            throw FileProblem("there is no type \(place.folder)")
        }
        let value = try value(of: text, codec, as: .record(type.schema))
        guard let object = value.objectValue else { throw FileProblem("it holds no object") }
        let key = type.key.key(of: object)
        guard key.hasSameUTF8(as: place.name) else {
            throw FileProblem(
                key.isEmpty
                    ? "its object has no \(type.key.field)"
                    : "its object has the \(type.key.field) \(key), and its name says \(place.name)")
        }
        return object
    }

    /// Any JSON.
    public func value(of text: [UInt8], _ codec: FileCodec) throws(FileProblem) -> JSONValue {
        try value(of: text, codec, as: .any)
    }

    private func value(of text: [UInt8], _ codec: FileCodec, as shape: FieldType) throws(FileProblem) -> JSONValue {
        switch codec {
        case .json:
            do { return try JSONValue(parsing: text) } catch { throw FileProblem("it is no JSON: \(error)") }
        case .yaml:
            do { return try YAMLReader.read(text, as: shape).value } catch {
                throw FileProblem("it is no YAML: \(error)")
            }
        }
    }
}
