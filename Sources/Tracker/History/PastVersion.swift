public import JSON

/// What an object was at some time: absent, or bytes of a certain layer.
public struct PastVersion: Sendable, Hashable {
    /// Where an object came from, as far as history knows it.
    enum Origin: UInt8 {
        case none, writable, pack
    }

    let origin: Origin
    /// The commit that wrote it; zero if it is absent.
    public let revision: Revision
    /// The object's JSON, hidden fields included; nil if it did not exist.
    public let document: JSONDocument?

    /// The object did not exist.
    static let absent = PastVersion(origin: .none, revision: .zero, document: nil)

    init(origin: Origin, revision: Revision, document: JSONDocument?) {
        self.origin = origin
        self.revision = revision
        self.document = document
    }

    /// What `object` is; nil for absent.
    public init(_ object: StoredObject?) {
        guard let object else {
            self = .absent
            return
        }
        origin = object.isFromPack ? .pack : .writable
        revision = object.revision
        document = object.document
    }

    /// What a pack says of an object; nil for nothing.
    public init(inPack document: JSONDocument?) {
        self.init(origin: document == nil ? .none : .pack, revision: .zero, document: document)
    }

    /// What a content pack is; nil for absent.
    init(pack: Layer?) {
        self.init(
            origin: pack == nil ? .none : .pack, revision: .zero,
            document: pack.map { JSONDocument(canonical: $0.encoded) })
    }

    /// The content pack that this is of; nil if it is absent.
    func pack(_ layers: LayerConventions) -> Layer? { document.flatMap { Layer(encoded: $0.bytes, layers) } }

    /// Whether a pack supplied it, not the writable layer.
    public var isFromPack: Bool { origin == .pack }

    /// The object that this is of, under `id`; nil if it is absent.
    ///
    /// - Parameter view: names the layer that a pack's object came from, if it is still there.
    func object(_ id: ObjectID, in view: Snapshot) -> StoredObject? {
        guard let document else { return nil }
        guard isFromPack else {
            return StoredObject(key: id.key, document: document, revision: revision, layer: .writable)
        }
        let name = view.catalog[id.typeName]?.common.layer.flatMap { document.member($0)?.string }
        let layer = name.flatMap { view.stack[$0] }
        return StoredObject(key: id.key, document: document, revision: revision, layer: layer?.id ?? .gone)
    }
}

extension PastVersion {
    /// The bytes that the store keeps.
    var encoded: [UInt8] {
        guard let document else { return [origin.rawValue] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(9 + document.bytes.count)
        bytes.append(origin.rawValue)
        StoreLayout.append(revision.number, to: &bytes)
        bytes += document.bytes
        return bytes
    }

    /// The version that `bytes` hold, or nil if they hold none.
    init?(encoded bytes: [UInt8]) {
        guard let first = bytes.first, let origin = Origin(rawValue: first) else { return nil }
        if origin == .none {
            self = .absent
            return
        }
        guard bytes.count > 9 else { return nil }
        self.origin = origin
        revision = Revision(StoreLayout.number(bytes.dropFirst()))
        document = JSONDocument(canonical: Array(bytes.dropFirst(9)))
    }
}

extension ObjectType {
    /// What clients get to see of an object as it was; nil if it did not exist.
    public func served(_ version: PastVersion) -> JSONDocument? {
        hiddenFields.isEmpty ? version.document : version.document?.rewriting(omit: hiddenFields)
    }
}

extension LayerID {
    /// The layer of objects whose pack is not on the stack any more.
    static let gone = LayerID(number: .max)
}
