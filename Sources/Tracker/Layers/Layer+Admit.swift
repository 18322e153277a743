public import JSON

extension Layer {
    /// A layer of a pack's sections as they stand in a file or an upload: every object is decoded strictly (C §14.2).
    ///
    /// Sections that no type is named for are ignored. An object's key is its own key field; where that is empty, the name
    /// it has in the section.
    ///
    /// - Throws: `badPack`, with one message for each object that does not decode.
    public static func admitting(
        kind: LayerKind, name: String, metadata: JSONObject, sections: JSONObject, warnings: [String] = [],
        catalog: Catalog
    ) throws(TrackerError) -> Layer {
        var work = StepBudget(.max)
        return try admitting(
            kind: kind, name: name, metadata: metadata, sections: sections, warnings: warnings, catalog: catalog,
            within: &work)
    }

    /// The same, with the steps of decoding counted.
    static func admitting(
        kind: LayerKind, name: String, metadata: JSONObject, sections: JSONObject, warnings: [String] = [],
        catalog: Catalog, within work: inout StepBudget
    ) throws(TrackerError) -> Layer {
        var objects: [TypeName: [ByteString: JSONDocument]] = [:]
        var problems: [String] = []
        for (sectionName, section) in sections {
            guard let type = catalog.visibleType(TypeName(sectionName)), !section.isNull else { continue }
            guard case .object(let items) = section else {
                problems.append(catalog.layers.wording(.badSection(sectionName, section, pack: name)))
                continue
            }
            var admitted: [ByteString: JSONDocument] = [:]
            for (itemName, item) in items {
                do throws(PackItemError) {
                    let object = try admit(item, called: itemName, as: type, &work)
                    let key = type.key.bytes(type.key.key(of: object))
                    guard admitted.updateValue(JSONDocument(.object(object)), forKey: key) == nil else {
                        throw PackItemError(reason: "another item of the section has the key \(key) too")
                    }
                } catch {
                    let refusal = Refusal.badItem(
                        itemName, section: sectionName, pack: name, reason: error.reason)
                    problems.append(catalog.layers.wording(refusal))
                }
            }
            objects[type.typeName] = admitted
        }
        guard problems.isEmpty else {
            let remedy = catalog.layers.wording(.badPackRemedy(pack: name))
            throw TrackerError(.badPack, StoreLayout.packSection, key: name, problems + [remedy])
        }
        return Layer(kind: kind, name: name, metadata: metadata, objects: objects, warnings: warnings)
    }

    private static func admit(
        _ item: JSONValue, called name: String, as type: ObjectType, _ work: inout StepBudget
    ) throws(PackItemError) -> JSONObject {
        guard case .object(let members) = item else {
            throw PackItemError(reason: type.text(.noObject(item, schema: type.schema.name)))
        }
        var object: JSONObject
        do throws(FieldTypeError) {
            object = try type.schema.decode(members, at: type.schema.name, &work)
        } catch {
            throw PackItemError(reason: type.text(.undecodable(error)))
        }
        if type.key.key(of: object).isEmpty {
            guard let values = type.key.values(name) else {
                throw PackItemError(reason: "its name is no key of the type")
            }
            for (part, value) in values { object[part.field] = value }
        }
        for name in type.serverSetFields { object[name] = type.schema.field(name)?.filled(nil) }
        guard type.key.bytes(type.key.key(of: object)).count <= Draft.longestKey else {
            throw PackItemError(reason: "its key is longer than \(Draft.longestKey) bytes")
        }
        return object
    }
}

/// Why an object of a pack cannot join its layer.
private struct PackItemError: Error {
    let reason: String
}
