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

    /// The opaque validator of HTTP (C §2.1): changes whenever the object does.
    ///
    /// Objects of packs come and go without commits of their own across restarts, so theirs is made from the content too.
    public var etag: String {
        guard layer != .writable else { return "\"\(String(revision.number, radix: 16))\"" }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in document.bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return "\"\(String(layer.number, radix: 16))-\(String(hash, radix: 16))\""
    }

    /// Why the object is not available; empty if it is.
    public var errors: [String] { document.member("Errors")?.elements.compactMap(\.string) ?? [] }

    /// The same as warnings about a pack tell it: without the object's key in front (C §14.2).
    public var complaints: [String] {
        let start = "\(key): "
        return errors.map { error in error.after(start).map { String($0) } ?? error }
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
