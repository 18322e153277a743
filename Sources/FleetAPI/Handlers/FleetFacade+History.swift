import Basics
import Fleet
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// Who changed an object, when and why.
extension FleetFacade {
    func historyRoute(_ resource: FleetResource) -> Route<FleetSession> {
        let query = QuerySchema([.init("limit", .limit, initial: 30), .init("marker", .integer)])
        return route(.get, "/\(resource.path)/{id}/history", resource.readLevel, query: query) { call in
            .task { [tracker] in
                let page = try await ObjectHistory(resource, call, tracker).page()
                return call.answer(page)
            }
        }
    }
}

/// The changes of one object, the newest first; of one that is gone as well.
private struct ObjectHistory {
    let resource: FleetResource
    let call: FleetCall
    let tracker: DataTracker

    init(_ resource: FleetResource, _ call: FleetCall, _ tracker: DataTracker) {
        (self.resource, self.call, self.tracker) = (resource, call, tracker)
    }

    /// A page of the history, and the link to the next one.
    ///
    /// - Throws: 404 for an object that never was, or that the caller may not know of.
    func page() async throws -> JSONValue {
        let text = call.context["id"]
        let id = call.snapshot.catalog.id(
            resource.kind.typeName, resource.kind == .project ? PythonUUID.canonical(text) ?? text : text)
        var query = HistoryQuery()
        (query.typeName, query.key) = (id.typeName, id.key.string)
        query.limit = call.arguments["limit"]?.intValue.flatMap { $0 == 0 ? nil : $0 } ?? 100
        query.last = call.arguments["marker"]?.intValue.map { Revision(UInt64(clamping: $0 - 1)) } ?? query.last
        let found = try await tracker.records(query)
        var rows: [JSONValue] = []
        for record in found.records {
            let entries = record.entries.filter { $0.id == id }
            for change in try await tracker.changes(of: record, entries) where isSeen(change) {
                rows.append(row(change, record))
            }
        }
        guard !rows.isEmpty || call.find(resource.kind, text) != nil else { throw FleetRefusal(404, "Not Found") }
        return ["history": .array(rows), "links": .array(found.next.map { [next(after: $0.next)] } ?? [])]
    }

    /// Whether the caller may know of the object as it was.
    private func isSeen(_ change: RecordedChange) -> Bool {
        guard let document = change.after.document ?? change.before.document else { return false }
        let isOfKind = !resource.kind.isDevice || document.member("kind")?.string == resource.kind.rawValue
        let project = document.member("project_id")?.string ?? change.id.key.string
        return isOfKind && call.rights.sees(project: project, change.id.typeName)
    }

    private func row(_ change: RecordedChange, _ record: HistoryRecord) -> JSONValue {
        let (before, after) = (members(change.before), members(change.after))
        var changes: JSONObject = [:]
        for name in Set((before.keys + after.keys).map { Identifier($0) }).sorted().map(\.text)
        where before[name] != after[name] {
            changes[name] = ["before": before[name] ?? .null, "after": after[name] ?? .null]
        }
        return [
            "action": .string(change.action.rawValue), "actor": .string(record.principal),
            "changes": .object(changes), "reason": .string(record.reason), "request": .string(record.request),
            "revision": JSONValue(Int(clamping: record.revision.number)), "time": .string(record.time.fleetText),
        ]
    }

    /// What clients may know of the object as it was: its columns, variables and labels.
    private func members(_ version: PastVersion) -> JSONObject {
        var members = version.document?.value().objectValue ?? [:]
        if let variables = members["variables"]?.objectValue {
            let project = members["project_id"]?.stringValue ?? members["id"]?.stringValue ?? ""
            members["variables"] = .object(
                call.rights.variables(project: project, in: call.snapshot).readable(variables))
        }
        let hidden = ["identity", "api_key", "key_digest", "kind", "roles", "value", "access_secret_id"]
        return members.filter { name, _ in !hidden.contains(bytesOf: name) }
    }

    private func next(after revision: Revision) -> JSONValue {
        let limit = call.arguments["limit"]?.canonicalText ?? "30"
        let path = "\(call.origin)\(call.context.path.path)"
        return ["rel": "next", "href": .string("\(path)?limit=\(limit)&marker=\(revision)")]
    }
}
