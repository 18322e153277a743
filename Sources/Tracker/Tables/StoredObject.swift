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
    public var object: JSONObject { document.value().objectValue ?? [:] }
}

extension ObjectType {
    /// Whether clients get to see objects as they are.
    public var servesWhole: Bool { hiddenFields.isEmpty }

    /// What clients get to see of an object: its bytes as they are, or without the hidden fields where the type has any.
    public func served(_ object: StoredObject) -> JSONDocument {
        hiddenFields.isEmpty ? object.document : object.document.rewriting(omit: hiddenFields, set: [])
    }
}
