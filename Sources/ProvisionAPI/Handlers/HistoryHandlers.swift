import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// Who changed what, when and why.
enum HistoryHandlers {
    static var routes: [Route] { [Route(.get, "/history", .account, inputs: inputs, list)] }

    private static let inputs = RouteInputs(
        arguments: ["type", "key", "principal", "reason", "since", "until", "limit", "cursor", "token"],
        others: .refused)

    /// A page of records, newest first; those that the caller may see nothing of are left out.
    private static func list(_ call: RequestContext) async throws -> Answer {
        let arguments = call.query
        var query = HistoryQuery()
        if let type = arguments["type"], type != "contents", call.tracker.catalog.visibleType(TypeName(type)) == nil {
            throw call.badRequest(of: "history", "type: there is no type `\(type)`")
        }
        query.typeName = arguments["type"].map { TypeName($0) }
        query.key = arguments["key"]
        query.principal = arguments["principal"]
        query.reason = arguments["reason"]
        query.since = try call.time("since")
        query.until = try call.time("until")
        query.limit = try call.limit(100)
        if let cursor = arguments["cursor"] { query.last = try call.historyCursor(cursor) }
        let page = try await call.tracker.records(query)
        let readAuthorization = call.readAuthorization()
        let records = page.records.compactMap { RecordView($0, readAuthorization, in: call.snapshot).summary }
        let start = try await call.tracker.historyStart()
        return .json(RecordView.page("records", records, next: page.next, start: start, call.tracker.epochs))
    }
}

/// The history of the objects of one type.
struct PastHandlers: Sendable {
    let type: ObjectType

    var routes: [Route] {
        let requirement = AccessRequirement.claim(scope: type.typeName.rawValue, action: "get")
        return [Route(.get, "/\(type.typeName)/{key...}/history", requirement, history)]
    }

    /// All versions of one object, newest first; also of one that is gone, if its key is given.
    private func history(_ call: RequestContext) async throws -> Answer {
        let key = call.snapshot.resolve(type.typeName, call["key"])?.key ?? type.key.bytes(ofPath: call["key"])
        let id = ObjectID(type.typeName, key)
        let readAuthorization = call.readAuthorization()
        guard readAuthorization.sees(id, in: call.snapshot) else {
            throw type.notFound(call["key"])
        }
        var query = HistoryQuery()
        (query.typeName, query.key, query.limit) = (type.typeName, key.string, try call.limit(50))
        query.last = call.snapshot.revision
        if let cursor = call.query["cursor"] { query.last = min(query.last, try call.historyCursor(cursor)) }
        let page = try await call.tracker.records(query)
        guard call.snapshot[id] != nil || !page.records.isEmpty || call.query["cursor"] != nil else {
            throw type.notFound(call["key"])
        }
        let (versions, next) = try await versions(of: id, page, readAuthorization, call)
        let start = try await call.tracker.historyStart()
        return .json(RecordView.page("versions", versions, next: next, start: start, call.tracker.epochs))
    }

    /// How many pages of 4 KiB of versions one answer holds; it ends after the version with which it has more.
    private static let toldPages = 8192

    /// The versions of one object that the records of `page` tell of, and where to go on.
    private func versions(
        of id: ObjectID, _ page: HistoryPage, _ readAuthorization: ReadAuthorization, _ call: RequestContext
    ) async throws -> (versions: [JSONValue], next: Revision?) {
        let redaction = Redaction(for: call)
        var (versions, pages): ([JSONValue], Int) = ([], 0)
        for record in page.records {
            guard pages < Self.toldPages else { return (versions, record.revision) }
            let entries = record.entries.filter { $0.id == id }
            for change in try await call.tracker.changes(of: record, entries) {
                pages += change.pageCount
                let change = RecordView.change(change, redaction, whole: true).objectValue ?? [:]
                versions.append(
                    .object(RecordView(record, readAuthorization, in: call.snapshot).head.merging(change) { $1 }))
            }
        }
        return (versions, page.next)
    }
}

extension RecordView {
    /// A page of a history: rows, where to go on, and since when history is kept.
    static func page(
        _ name: String, _ rows: [JSONValue], next: Revision?, start: Revision, _ epochs: Epochs
    ) -> JSONValue {
        var page: JSONObject = [name: .array(rows), "start": JSONValue(Int(clamping: start.number))]
        page["cursor"] = next.map { .string(epochs.cursor(after: $0).description) }
        return .object(page)
    }
}
