import JSON

/// The one place where objects pass their rules and enter the tables.
extension Draft {
    /// The longest key in bytes; every store can hold it together with the type name.
    static let longestKey = 400

    /// Puts an object that its rules have judged into the writable layer, in the place of `old`.
    ///
    /// No context of the change may be left: it holds the state as it was, without which the tables can change in place.
    mutating func store(
        _ stored: StoredObject, _ type: ObjectType, over old: StoredObject?, isSave: Bool
    ) throws(TrackerError) -> StoredObject {
        if let old, old.layer == .writable, old.document == stored.document { return old }
        let action: ObjectChange.Action = old == nil ? .create : isSave ? .save : .update
        try record(ObjectChange(id: ObjectID(type.typeName, stored.key), before: old, after: stored, action: action))
        return stored
    }

    /// The object with the verdict of its type's rules, under the key that it has already or will have.
    func validate(
        _ object: inout JSONObject, _ change: ChangeContext, under key: ByteString
    ) throws(TrackerError) -> StoredObject {
        let type = change.type
        var findings = change.findings
        if key.count > Self.longestKey {
            findings.addRefusal("Key of \(key.count) bytes is longer than \(Self.longestKey): shorten it")
        }
        checkUniqueness(object, change, key, &findings)
        checkParent(object, change, key, &findings)
        type.rules.check(object, change, &findings)
        guard findings.invalid.isEmpty else {
            throw TrackerError(.invalid, type.typeName, key: change.key, findings.invalid)
        }
        Self.validate(&object, type, unavailable: findings.unavailable, isReadOnly: false)
        return StoredObject(
            key: key, document: JSONDocument(.object(object)), revision: revision, layer: .writable)
    }

    /// Takes the writable object away; what lies below it shows again.
    mutating func reveal(_ id: ObjectID, _ type: ObjectType, _ old: StoredObject) throws(TrackerError) {
        guard let below = view.stack.topmost(id) else {
            return try record(ObjectChange(id: id, before: old, after: nil, action: .delete))
        }
        let shown = materialize(below.document, id, type, from: below.layer)
        try record(ObjectChange(id: id, before: old, after: shown, action: .update))
        worklist.add(id)
    }

    /// The pack's object as it stands in the table before it has been checked.
    func materialize(_ document: JSONDocument, _ id: ObjectID, _ type: ObjectType, from layer: Layer) -> StoredObject {
        var object = document.members
        if let field = type.common.layer { object[field] = .string(layer.name) }
        Self.validate(&object, type, unavailable: [], isReadOnly: true)
        return StoredObject(key: id.key, document: JSONDocument(.object(object)), revision: revision, layer: layer.id)
    }

    /// Writes the verdict into the fields that carry it.
    static func validate(_ object: inout JSONObject, _ type: ObjectType, unavailable: [String], isReadOnly: Bool) {
        let fields = type.common
        if let field = fields.validated { object[field] = true }
        if let field = fields.available { object[field] = .bool(unavailable.isEmpty) }
        if let field = fields.errors { object[field] = .array(unavailable.map { .string($0) }) }
        if let field = fields.readOnly { object[field] = .bool(isReadOnly) }
    }

    /// Puts a change into the tables and the list, and has the objects that depend on it checked.
    mutating func record(_ change: ObjectChange) throws(TrackerError) {
        guard let position = view.catalog.position(change.id.typeName) else { throw .notFound(change.id.typeName, "") }
        view.watch?.write(change.id.typeName)
        recordCount += 1
        if let after = change.after {
            view.tables[position].put(after)
        } else {
            view.tables[position].remove(change.id.key)
        }
        noteNumber(of: change, at: position)
        changeList.record(change)
        enlistDependants(of: change, at: position)
        try view.catalog.types[position].follow(change, in: &self)
    }

    private func checkUniqueness(
        _ object: JSONObject, _ change: ChangeContext, _ key: ByteString, _ findings: inout Findings
    ) {
        let position = view.catalog.knownPosition(change.type.typeName)
        view.watch?.read(position)
        for index in change.type.uniqueIndexes {
            guard let text = object[index.field]?.stringValue, !text.isEmpty else { continue }
            guard let value = IndexReader.value(ofText: text, index.kind) else { continue }
            let holders = view.tables[position].indexes[index.position].rows(value, of: view.tables[position].objects)
            guard let holder = holders?.first, holder != key else { continue }
            let who = change.mayTell(change.type.typeName, holder) ? " by \(holder)" : ""
            findings.addError("\(index.field) \(text) is already in use\(who)")
        }
    }
}
