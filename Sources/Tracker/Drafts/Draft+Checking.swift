import JSON

/// The one place where objects pass their rules and enter the tables.
extension Draft {
    /// The longest key in bytes; every store can hold it together with the prefix.
    static let longestKey = 400

    /// Passes `object` through its type's rules and puts it into the writable layer.
    mutating func check(
        _ object: JSONObject, _ change: consuming ChangeContext, over old: StoredObject?
    ) throws(TrackerError) -> StoredObject {
        let type = change.type
        let action: ObjectChange.Action = old == nil ? .create : change.action == .save ? .save : .update
        let stored = try judge(object, change)
        if let old, old.layer == .writable, old.document == stored.document { return old }
        // The context holds the state as it was; without it, the tables can change in place.
        _ = consume change
        try record(ObjectChange(id: ObjectID(type.prefix, stored.key), before: old, after: stored, action: action))
        return stored
    }

    /// The object with the verdict of its type's rules.
    private func judge(_ object: JSONObject, _ change: ChangeContext) throws(TrackerError) -> StoredObject {
        let type = change.type
        var findings = Findings(change)
        if change.key.utf8.count > Self.longestKey {
            findings.refuse("Key of \(change.key.utf8.count) bytes is longer than \(Self.longestKey): shorten it")
        }
        checkUniqueness(object, change, &findings)
        type.rules.check(object, change, &findings)
        guard findings.invalid.isEmpty else {
            throw TrackerError(.invalid, type.prefix, key: change.key, findings.invalid)
        }
        let judged = Self.judged(object, type, unavailable: findings.unavailable, isReadOnly: false)
        return StoredObject(
            key: ByteString(change.key), document: JSONDocument(.object(judged)), revision: revision, layer: .writable)
    }

    /// Takes the writable object away; what lies below it shows again.
    mutating func uncover(_ id: ObjectID, _ type: ObjectType, _ old: StoredObject) throws(TrackerError) {
        guard let below = view.stack.topmost(id) else {
            return try record(ObjectChange(id: id, before: old, after: nil, action: .delete))
        }
        let shown = raised(below.document, id, type, from: below.layer)
        try record(ObjectChange(id: id, before: old, after: shown, action: .update))
        worklist.add(id)
    }

    /// The pack's object as it stands in the table before it has been checked.
    func raised(_ document: JSONDocument, _ id: ObjectID, _ type: ObjectType, from layer: Layer) -> StoredObject {
        var object = document.value().objectValue ?? [:]
        if type.record.field("Bundle") != nil { object["Bundle"] = .string(layer.name) }
        let judged = Self.judged(object, type, unavailable: [], isReadOnly: true)
        return StoredObject(key: id.key, document: JSONDocument(.object(judged)), revision: revision, layer: layer.id)
    }

    /// Writes the verdict into the fields that carry it.
    static func judged(
        _ object: JSONObject, _ type: ObjectType, unavailable: [String], isReadOnly: Bool
    ) -> JSONObject {
        var object = object
        if type.record.field("Validated") != nil {
            object["Validated"] = true
            object["Available"] = .bool(unavailable.isEmpty)
            object["Errors"] = .array(unavailable.map { .string($0) })
        }
        if type.record.field("ReadOnly") != nil { object["ReadOnly"] = .bool(isReadOnly) }
        return object
    }

    /// Puts a change into the tables and the list, and has the objects that depend on it checked.
    mutating func record(_ change: ObjectChange) throws(TrackerError) {
        guard let position = view.catalog.position(change.id.prefix) else { throw .notFound(change.id.prefix, "") }
        view.watch?.write(change.id.prefix)
        if let after = change.after {
            view.tables[position].put(after)
        } else {
            view.tables[position].remove(change.id.key)
        }
        changeList.record(change)
        enlistDependants(of: change, at: position)
        try view.catalog.types[position].rules.follow(change, in: &self)
    }

    private func checkUniqueness(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        let key = ByteString(change.key)
        for declaration in change.type.indexes where declaration.isUnique {
            guard case .field(let name) = declaration.source, name != change.type.key.field else { continue }
            guard let text = object[name]?.stringValue, !text.isEmpty else { continue }
            guard let value = IndexReader.value(ofText: text, declaration.kind) else { continue }
            let holders = view[change.type.prefix]?.rows(where: declaration.source, is: value)
            guard let holder = holders?.first, holder != key else { continue }
            findings.wrong("\(name) \(text) is already in use by \(holder)")
        }
    }
}
