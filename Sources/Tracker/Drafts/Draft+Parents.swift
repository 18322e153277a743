import JSON

/// Trees of objects, made by references to parents (``Reference/parent(_:of:)``).
extension Draft {
    /// How far an object may be from the top of its tree when it is written.
    public static let deepestLevel = 100

    /// Reports a parent that does not exist, one that is below the object, and a place too far down. Costs a look-up for each
    /// level.
    func checkParent(
        _ object: JSONObject, _ change: ChangeContext, _ key: ByteString, _ findings: inout Findings
    ) {
        guard let reference = change.type.parent else { return }
        let id = ObjectID(change.type.typeName, key)
        var (level, ancestor) = (0, change.type.parent(object[reference.fieldName]))
        while let above = ancestor {
            level += 1
            if above == id { return findings.addError("\(reference.fieldName) leads back to the object itself") }
            if level >= Self.deepestLevel {
                return findings.addError("\(reference.fieldName) is \(level) levels or more from the top")
            }
            guard let found = view[above], let type = view.catalog[above.typeName] else {
                if level == 1 {
                    findings.dangling("\(reference.fieldName) \(above.key) does not exist", onObject: true)
                }
                return
            }
            ancestor = type.parent.flatMap { type.parent(found.document.member($0.fieldName)?.value()) }
        }
    }

    /// Refuses to remove what is the parent of others.
    func checkChildren(_ id: ObjectID) throws(TrackerError) {
        guard let position = view.catalog.position(id.typeName) else { return }
        for referrer in view.catalog.referrers[position] where referrer.reference.isParent {
            let children = view.keys(
                view.catalog.types[referrer.position].typeName, where: referrer.reference.source, names: id)
            if !children.isEmpty {
                let message = "others stand below it: remove them first, or put them elsewhere"
                throw TrackerError(.stillInUse, id.typeName, key: id.key.string, message)
            }
        }
    }
}

extension ObjectType {
    /// The parent that a field's value names, if it names one.
    fileprivate func parent(_ value: JSONValue?) -> ObjectID? {
        guard let parent, let value else { return nil }
        return parent.id(value, parent.kind(in: schema))
    }
}

extension Reference {
    /// The field that names a parent.
    fileprivate var fieldName: String { source.fieldName ?? "" }
}
