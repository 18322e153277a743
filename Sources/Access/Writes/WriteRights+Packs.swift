import JSON
public import Tracker

/// Packs: the right to the contents, and for users, roles, tenants and all that the principal does not see, what a direct
/// write of it takes.
extension WriteRights {
    /// Asks for the right to the contents, and then for what each object that changes takes.
    public func authorize(_ write: PackWrite, in view: Snapshot) throws(TrackerError) {
        let readAuthorization = readAuthorization(in: view)
        try checkContents(write, readAuthorization)
        let ids = Set((write.before?.ids ?? []) + (write.after?.ids ?? [])).sorted {
            ($0.typeName, $0.key) < ($1.typeName, $1.key)
        }
        for id in ids where document(id, in: write.before) != document(id, in: write.after) {
            guard let type = view.catalog.visibleType(id.typeName) else { continue }
            try authorize(id, type, write, readAuthorization, in: view)
        }
    }

    private func checkContents(_ write: PackWrite, _ readAuthorization: ReadAuthorization) throws(TrackerError) {
        if principal.isSuperuser { return }
        let action = write.before == nil ? "create" : write.after == nil ? "delete" : "update"
        // A new pack is claimed without its name too: the route knows none yet.
        if write.before == nil, holds([action], "contents", "") { return }
        guard !holds([action], "contents", write.name) else { return }
        throw denied(readAuthorization["contents"].covers(write.name) ? [Claim("contents", action, write.name)] : [])
    }

    private func authorize(
        _ id: ObjectID, _ type: ObjectType, _ write: PackWrite, _ readAuthorization: ReadAuthorization,
        in view: Snapshot
    ) throws(TrackerError) {
        let shown = view[id]
        let brought = document(id, in: write.after)?.value().objectValue
        let claimed = type.ownerField.map { brought?.text($0) ?? "" } ?? id.key.string
        let isSeen =
            shown.map { readAuthorization[id.typeName].sees($0) } ?? readAuthorization[id.typeName].covers(claimed)
        if let shown, !readAuthorization[id.typeName].isListed(shown.key) {
            // Of what a caller's own pack does not name, not even the key is told.
            throw brought == nil ? denied([]) : type.notFound(id.key.string)
        }
        let next = brought ?? below(id, write, in: view)
        let intent: WriteIntent = next == nil ? .remove : shown == nil ? .create : .replace
        let direct = ClientWrite(intent, type, at: "", over: shown, previous: shown?.object, after: next)
        var requirements: [Requirement] = []
        if !principal.isSuperuser {
            let isDirect = !isSeen || type.traits.contains(.decidesRights)
            // Other types can give rights too.
            requirements = isDirect ? self.requirements(of: direct, in: view) : grants(of: direct, claimed, in: view)
            if brought == nil, !isSeen, !principal.claims.satisfies(requirements.map(\.claim)) { throw denied([]) }
            try decide(requirements)
        }
        guard brought != nil else { return }
        let names = addedNames(of: direct)
        try checkNames(names, of: direct, readAuthorization, in: view) { self.document($0, in: write.after) != nil }
        let opened = opened(by: direct, naming: names, readAuthorization, in: view)
        if !opened.isEmpty { try decide(requirements + opened) }
    }

    /// What shows under `id` once the pack that holds it is gone.
    private func below(_ id: ObjectID, _ write: PackWrite, in view: Snapshot) -> JSONObject? {
        if let shown = view[id], !shown.isFromPack { return shown.object }
        let others = view.stack.holders(of: id).filter { ByteString($0.name) != ByteString(write.name) }
        return others.first.flatMap { document(id, in: $0) }?.value().objectValue
    }

    private func document(_ id: ObjectID, in layer: Layer?) -> JSONDocument? { layer?.objects[id.typeName]?[id.key] }
}
