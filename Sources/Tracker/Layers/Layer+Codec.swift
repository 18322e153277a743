import JSON

/// Uploaded packs in the store: their name, `meta` and objects.
extension Layer {
    /// The JSON that the store keeps of an uploaded pack.
    var encoded: [UInt8] {
        let sections = objects.map { typeName, section in
            (typeName.rawValue, JSONValue.object(JSONObject(section.map { ($0.key.storedText, $0.value.value()) })))
        }
        let value: JSONValue = [
            "kind": .string(kind.name), "name": .string(name), "meta": .object(metadata),
            "sections": .object(JSONObject(sections)), "warnings": .array(warnings.map { .string($0) }),
        ]
        return value.canonicalBytes()
    }

    /// The pack that `bytes` hold, or nil if they hold none of a kind that `layers` declare.
    init?(encoded bytes: [UInt8], _ layers: LayerConventions) {
        guard let value = try? JSONValue(parsing: bytes), let name = value["name"]?.stringValue,
            let kind = value["kind"]?.stringValue.flatMap(layers.kind(named:)),
            let sections = value["sections"]?.objectValue
        else { return nil }
        var objects: [TypeName: [ByteString: JSONDocument]] = [:]
        for (typeName, section) in sections {
            objects[TypeName(typeName)] = Dictionary(
                uniqueKeysWithValues: (section.objectValue ?? [:]).map {
                    (ByteString(storedText: $0.key), JSONDocument($0.value))
                })
        }
        self.init(
            kind: kind, name: name, metadata: value["meta"]?.objectValue ?? [:], objects: objects,
            warnings: (value["warnings"]?.arrayValue ?? []).compactMap(\.stringValue))
    }
}
