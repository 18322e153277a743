public import Basics
public import JSON
public import Tracker

/// Turns packs into layers and layers into packs (C §14.2).
public struct ContentPacks: Sendable {
    /// The object types.
    public let catalog: Catalog
    /// What packs may require by name.
    public let features: Set<Identifier>

    /// Packs of objects of `catalog`, for a server that offers `features`.
    public init(catalog: Catalog, features: Set<Identifier>) {
        self.catalog = catalog
        self.features = features
    }

    /// The layer that a pack makes.
    ///
    /// - Parameters:
    ///   - content: `{meta, sections}`.
    ///   - given: where in the stack it goes, by default where packs go that clients bring.
    ///   - name: the layer's name, if it is not the pack's own.
    ///   - stack: what is there already, for prerequisites.
    /// - Throws: `unnamedPack`; `packRefused` for a bad version, unreadable prerequisites or a missing feature; `badPack`
    ///   with a message for each object that does not decode.
    public func layer(
        from content: JSONValue, kind given: LayerKind? = nil, name: String? = nil, over stack: LayerStack?
    ) throws(TrackerError) -> Layer {
        guard case .object(let pack) = content else {
            throw TrackerError(.badPack, "contents", "a content pack is an object with meta and sections")
        }
        let metadata = try ContentMetadata(Self.members(of: pack, "meta"), catalog.layers)
        let (name, kind) = (name ?? metadata.name, given ?? catalog.layers.storedKind)
        guard !name.isEmpty else {
            throw TrackerError(.unnamedPack, "contents", "Store at content- has no Name metadata")
        }
        do throws(VersionError) {
            _ = try SemanticVersion(metadata["Version"])
        } catch {
            let message = "Layer \(name): invalid version \(metadata["Version"]): \(error)"
            throw TrackerError(.packRefused, "contents", key: name, message)
        }
        try checkFeatures(metadata, name)
        let warnings = try Prerequisites(metadata["Prerequisites"], of: name).warnings(in: stack)
        return try Layer.admitting(
            kind: kind, name: name, metadata: metadata.placed(as: kind, name: name),
            sections: Self.members(of: pack, "sections"), warnings: warnings, catalog: catalog)
    }

    /// The members of one of the two parts of a pack; none where it is absent.
    private static func members(of pack: JSONObject, _ name: String) throws(TrackerError) -> JSONObject {
        guard let part = pack.member(name), !part.isNull else { return [:] }
        guard case .object(let members) = part else {
            let message = "json: cannot unmarshal \(part.kindName) into Go struct field Content.\(name) of type object"
            throw TrackerError(.badPack, "contents", message)
        }
        return members
    }

    private func checkFeatures(_ metadata: ContentMetadata, _ name: String) throws(TrackerError) {
        for feature in metadata["RequiredFeatures"].split(whereSeparator: { $0 == "," || $0.isWhitespace })
        where !features.contains(Identifier(feature)) {
            let message = "Content layer \(name) requires feature \(feature), but dr-provision does not provide it"
            throw TrackerError(.packRefused, "contents", key: name, message)
        }
    }
}

extension JSONObject {
    /// The member called `name`, whatever its case.
    func member(_ name: String) -> JSONValue? {
        self[name] ?? first { $0.key.asciiLowercased.hasSameUTF8(as: name.asciiLowercased) }?.value
    }
}
