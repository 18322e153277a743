import Basics
import JSON

/// Makes events of what a commit did.
struct EventMaker {
    let revision: Revision
    let time: String
    let principal: String
    let catalog: Catalog

    /// The event of a change to an object, or nil if no type of the catalog tells what of it may be shown.
    func event(
        _ id: ObjectID, _ action: ObjectChange.Action, before: JSONDocument?, after: JSONDocument?
    ) -> Event? {
        guard let type = catalog.visibleType(id.typeName) else { return nil }
        let shown = (after ?? before).map { type.shown($0) }
        let original = after == nil ? nil : before.map { type.shown($0) }
        return event(id.typeName.rawValue, type.word(for: action), id.key.string, shown, original)
    }

    /// The event of a change to a content pack.
    func event(pack name: String, _ action: ObjectChange.Action, before: Layer?, after: Layer?) -> Event {
        let original = after == nil ? nil : before.map { $0.summary(catalog) }
        return event(
            StoreLayout.packSection.rawValue, action.rawValue, name, (after ?? before).map { $0.summary(catalog) },
            original)
    }

    private func event(
        _ type: String, _ action: String, _ key: String, _ object: JSONDocument?, _ original: JSONDocument?
    ) -> Event {
        Event(
            time: time, type: type, action: action, key: key, principal: principal, object: object,
            original: original, revision: revision)
    }
}

extension EventMaker {
    private init(of record: CommitRecord, _ catalog: Catalog) {
        self.init(
            revision: record.revision, time: "\(record.time)", principal: record.request.principal, catalog: catalog)
    }

    /// The events of a whole record: packs by name, then objects in the order of the changes.
    static func events(of record: CommitRecord, _ catalog: Catalog) -> [Event] {
        let maker = EventMaker(of: record, catalog)
        let packs = record.packs.sorted { $0.key < $1.key }.map { name, change in
            maker.event(pack: name.text, change.action, before: change.before, after: change.after)
        }
        return packs
            + record.changes.compactMap {
                maker.event($0.id, $0.action, before: $0.before?.document, after: $0.after?.document)
            }
    }
}

extension ObjectType {
    /// What watchers get to see of a document of this type.
    fileprivate func shown(_ document: JSONDocument) -> JSONDocument {
        if hiddenFields.isEmpty, secretFields.isEmpty { return document }
        return document.rewriting(omit: hiddenFields, set: secretFields)
    }

    /// Settings are there from the start as far as clients know, so they are only ever updated (C §12).
    fileprivate func word(for action: ObjectChange.Action) -> String {
        traits.contains(.internalOnly) && action == .create ? "update" : action.rawValue
    }
}

extension Layer {
    /// The pack as lists of packs show it, without what depends on the rest of the state (C §5.4).
    fileprivate func summary(_ catalog: Catalog) -> JSONDocument {
        let counts = objects.filter { catalog.isPublished($0.key) }.map { ($0.key.rawValue, JSONValue($0.value.count)) }
        return JSONDocument([
            "meta": .object(metadata), "Counts": .object(JSONObject(counts)),
            "Warnings": .array(warnings.map { .string($0) }),
        ])
    }
}
