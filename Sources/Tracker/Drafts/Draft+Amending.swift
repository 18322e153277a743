public import JSON

/// Changing objects where they stand, packs' ones too.
extension Draft {
    /// Changes an object on account of something else that changed: in the table, and in every pack that holds it, also
    /// where another object lies over the pack's. The object's rules are not asked.
    ///
    /// - Parameter change: called once for each place; it must do the same to what is the same.
    /// - Throws: what `change` throws.
    public mutating func rewriteEverywhere(
        _ id: ObjectID, _ change: (inout JSONObject, inout Draft) throws(TrackerError) -> Void
    ) throws(TrackerError) {
        for layer in view.stack.holders(of: id) {
            guard let document = layer[id] else { continue }
            let amended = try amended(document, change)
            guard amended != document else { continue }
            view.stack.replace(id, by: amended, in: layer.id)
            record(PackChange(before: layer, after: view.stack[layer.id]), of: layer.name)
        }
        // One that is nowhere has no place to be changed in.
        guard let stored = view[id] else { return }
        let amended = try amended(stored.document, change)
        guard amended != stored.document else { return }
        let after = StoredObject(key: id.key, document: amended, revision: revision, layer: stored.layer)
        try record(ObjectChange(id: id, before: stored, after: after, action: .save))
    }

    /// The addresses of all objects of `type`, shown or hidden, whose map `field` has a value for `name` of which
    /// `isWanted` says so.
    public func holders(
        of name: String, in field: String, of type: ObjectType, where isWanted: (JSONSlice) -> Bool
    ) -> [ObjectID] {
        var keys: Set<ByteString> = []
        func look(_ key: ByteString, _ document: JSONDocument) {
            if let value = document.member(at: [field, name]), isWanted(value) { keys.insert(key) }
        }
        if let table = view[type.typeName] {
            if let index = table.index(of: .field(field)) {
                let rows = index.rows(ByteString(name), of: table.objects)
                rows?.forEachRow(skipping: 0, descending: false, of: table.objects) { row in
                    look(row.key, row.document)
                    return true
                }
            } else {
                table.objects.forEach { key, object in
                    look(key, object.document)
                    return true
                }
            }
        }
        for layer in view.stack.layers { layer.objects[type.typeName]?.forEach(look) }
        return keys.sorted().map { ObjectID(type.typeName, $0) }
    }

    private mutating func amended(
        _ document: JSONDocument, _ change: (inout JSONObject, inout Draft) throws(TrackerError) -> Void
    ) throws(TrackerError) -> JSONDocument {
        var object = document.members
        try change(&object, &self)
        return JSONDocument(.object(object))
    }
}
