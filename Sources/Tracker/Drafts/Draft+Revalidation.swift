import JSON

/// Re-checking what refers to changed objects, in the same commit (C §4.5, §6).
extension Draft {
    /// Has everything that refers to the changed object checked, if the change is one that referrers can notice.
    mutating func enlistDependants(of change: ObjectChange, at position: Int) {
        enlistOverlapped(by: change, at: position)
        for referrer in view.catalog.referrers[position] {
            guard Self.isNoticed(change, referrer.watchedFields) else { continue }
            let typeName = view.catalog.types[referrer.position].typeName
            let table = view.tables[referrer.position]
            if sparesWritable, table.packObjectCount == 0 { continue }
            let value = table.type.keptIndexes[referrer.index].kind.value(naming: change.id.key)
            for key in view.keys(referrer.position, index: referrer.index, value) {
                if sparesWritable, table[key]?.layer == .writable { continue }
                worklist.add(ObjectID(typeName, key))
            }
        }
    }

    /// Has an object checked again before the commit, because something that it depends on outside the tracker changed.
    public mutating func recheck(_ id: ObjectID) { worklist.add(id) }

    private static func isNoticed(_ change: ObjectChange, _ watchedFields: [String]) -> Bool {
        guard let before = change.before, let after = change.after else { return true }
        return watchedFields.contains { name in
            before.document.member(name)?.value() != after.document.member(name)?.value()
        }
    }

    /// Checks everything on the worklist, and what that changes in turn.
    ///
    /// - Throws: `overBudget` when that does not come to an end; what effects throw of objects that change by it.
    mutating func recheckDependants() throws(TrackerError) {
        while let id = try worklist.take() {
            // What the same change removed since, or no type of this server is for, needs no verdict.
            guard let object = view[id], let type = view.catalog[id.typeName] else { continue }
            try recheck(id, object, type)
        }
    }

    /// Checks everything that can only be judged when all changes are made.
    mutating func finishChecks() throws(TrackerError) {
        try recheckDependants()
        try checkOverlaps()
    }

    private mutating func recheck(_ id: ObjectID, _ stored: StoredObject, _ type: ObjectType) throws(TrackerError) {
        let document = rejudged(id, stored, type)
        guard document != stored.document else { return }
        let after = StoredObject(key: id.key, document: document, revision: revision, layer: stored.layer)
        try record(ObjectChange(id: id, before: stored, after: after, action: .save))
    }

    /// The object with the verdict that its rules have of it now. The context that they get holds the state, so it must be gone
    /// before that changes.
    private func rejudged(_ id: ObjectID, _ stored: StoredObject, _ type: ObjectType) -> JSONDocument {
        var object = stored.object
        let isReadOnly = stored.layer != .writable
        let change = context(
            isReadOnly ? .load : .revalidate, type, key: id.key.string, previous: object)
        var findings = change.findings
        checkParent(object, change, id.key, &findings)
        type.rules.check(object, change, &findings)
        if isReadOnly { for overlap in overlaps(of: stored, type) { findings.addMissing(overlap) } }
        let problems = findings.invalid + findings.unavailable
        Self.validate(&object, type, unavailable: problems, isReadOnly: isReadOnly)
        return JSONDocument(.object(object))
    }
}
