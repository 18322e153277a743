public import JSON

/// One object of one revision: immutable bytes and where they come from.
public struct StoredObject: Sendable {
    /// The primary key.
    public let key: ByteString
    /// The canonical JSON, hidden fields included.
    public let document: JSONDocument
    /// The commit that wrote it.
    public let revision: Revision
    /// The layer that supplies it.
    public let layer: LayerID

    /// Why the object, which is of the type `type`, is not available; empty if it is.
    public func errors(_ type: ObjectType) -> [String] {
        type.common.errors.flatMap { document.member($0) }?.elements.compactMap(\.string) ?? []
    }

    /// Whether a pack supplies the object, not the writable layer.
    public var isFromPack: Bool { layer != .writable }

    /// The members as values, hidden ones included.
    public var object: JSONObject { document.members }

    /// An object of the same key, revision and layer with other members, for who looks at it as if it had those.
    public func having(_ members: JSONObject) -> StoredObject {
        StoredObject(key: key, document: JSONDocument(.object(members)), revision: revision, layer: layer)
    }
}

extension JSONDocument {
    /// The members of an object's document. Only in a damaged store is one that is no object, and has none: a check of the store
    /// tells of it, and the server goes on.
    var members: JSONObject { value().objectValue ?? [:] }
}

extension ObjectType {
    /// Whether clients get to see objects as they are.
    public var servesWhole: Bool { hiddenFields.isEmpty }

    /// What clients get to see of an object: its bytes as they are, or without the hidden fields where the type has any.
    public func served(_ object: StoredObject) -> JSONDocument {
        hiddenFields.isEmpty ? object.document : object.document.rewriting(omit: hiddenFields, set: [])
    }
}

/// The objects of a table in the order of their keys, which they have themselves.
public typealias ObjectMap = KeyedMap<ObjectEntry>

/// An object as the entry of a map.
public struct ObjectEntry: OrderedMapEntry {
    /// The object.
    public var value: StoredObject

    /// The object's key.
    public var key: ByteString { value.key }

    /// The entry of `value`; any other key than its own is a programmer error.
    public init(key: ByteString, value: StoredObject) {
        assert(key == value.key, "\(value.key) cannot be found under \(key)")
        self.value = value
    }

    /// The entry of an object.
    init(_ object: StoredObject) { value = object }

    /// See `OrderedEntry`.
    public static func key(of entry: UnsafePointer<ObjectEntry>) -> UnsafePointer<ByteString> {
        entry.pointer(to: \.value.key)!
    }
}
