public import JSON

/// Names a layer for as long as the process lives.
public struct LayerID: Hashable, Sendable {
    /// The number; zero is the writable layer.
    public let number: UInt32

    /// The writable layer.
    public static let writable = LayerID(number: 0)
}

/// A named source of objects.
public struct Layer: Sendable {
    /// Its id in this process.
    public internal(set) var id: LayerID
    /// Where in the stack it stands.
    public let kind: LayerKind
    /// The pack's name, which its objects show.
    public let name: String
    /// The pack's `meta`, in wire form (C §5.4).
    public let metadata: JSONObject
    /// The pack's objects in wire form, before validation; always empty for the writable layer, whose objects are those of
    /// the tables.
    public internal(set) var objects: [TypeName: [ByteString: JSONDocument]]
    /// What was odd about the pack as a whole: unmet prerequisites.
    public let warnings: [String]

    /// A layer of a pack.
    public init(
        kind: LayerKind, name: String, metadata: JSONObject = [:],
        objects: [TypeName: [ByteString: JSONDocument]] = [:],
        warnings: [String] = []
    ) {
        id = .writable
        self.kind = kind
        self.name = name
        self.metadata = metadata
        self.objects = objects
        self.warnings = warnings
    }

    /// The pack's object under `id`, or nil.
    subscript(id: ObjectID) -> JSONDocument? { objects[id.typeName]?[id.key] }

    /// The addresses of all objects of the pack, in a fixed order.
    public var ids: [ObjectID] {
        objects.sorted { $0.key < $1.key }.flatMap { typeName, section in
            section.keys.sorted().map { ObjectID(typeName, $0) }
        }
    }
}
