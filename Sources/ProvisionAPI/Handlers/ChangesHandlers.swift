import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import NIOCore
import Tracker

/// Change sets: many changes as one, dry runs of them, and taking them back.
enum ChangesHandlers {
    static var routes: [Route] {
        [
            Route(.post, "/changes", .account, body: .streamed, apply),
            Route(.get, "/changes/{revision}", .account, show),
            Route(.post, "/changes/{revision}/undo", .account, body: .optionalJSON, undo),
        ]
    }

    /// The media type of one change a line.
    private static let lines = "application/x-ndjson"

    private static func apply(_ call: RequestContext) async throws -> Answer {
        var reader = OperationReader(call)
        var reason = ""
        let reading = BodyReader(limit: call.services.configuration.bodyLimit)
        if call.request.headers[.contentType]?.hasBytePrefix(lines) == true {
            do {
                try await reading.readLines(call.stream, of: "change") { line, bytes in
                    try reader.add(line, sent: bytes)
                }
            } catch let error as HTTPError where error.reason == .malformedBody {
                throw call.badRequest(of: "changes", error.messages.joined(separator: "; "))
            }
        } else {
            guard case .json(.object(let body)) = try await reading.read(call.stream, of: call.request.head, as: .json),
                case .array(let changes) = body["changes"]
            else { throw call.badRequest(of: "changes", "Send {\"changes\": […]}, or one change a line as \(lines)") }
            reason = try call.reason(in: body, beside: ["changes"])
            for change in changes { try reader.add(change, sent: change.canonicalBytes()) }
        }
        let operations = reader.operations
        let scope = WriteScope(Set(operations.map(\.typeName)), count: operations.count)
        let request = call.trackerRequest.because(of: reason).writing(scope)
        return try await call.services.idempotency.answer(call, reader.fingerprint) { call in
            try await answer(call, operations, request) { draft throws(TrackerError) in
                try draft.perform(operations)
            }
        }
    }

    /// Commits, or tries, what `body` does.
    private static func answer(
        _ call: RequestContext, _ operations: [ObjectOperation], _ request: TrackerRequest,
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> [StoredObject]
    ) async throws -> Answer {
        if try call.isDryRun {
            let (outcome, base) = try call.tracker.dryRun(request, body)
            return .json(try ChangeReport(outcome, operations, call).dryRun(over: base))
        }
        return try await call.write(request, body) { outcome in
            WriteAnswer(ChangeReport(outcome, operations, call).committed)
        }
    }

    private static func show(_ call: RequestContext) async throws -> Answer {
        let record = try await call.tracker.record(of: call.revision(call["revision"]))
        let view = RecordView(record, call.readAuthorization(), in: call.snapshot)
        guard view.isShown else {
            throw TrackerError.notFound("changes", call["revision"])
        }
        let page = Array(view.entries.dropFirst(try call.offset()).prefix(try call.limit(1000, most: 10_000)))
        let redaction = Redaction(for: call)
        let changes = try await call.tracker.firstChanges(of: record, page)
        var value = view.head
        value["changeCount"] = JSONValue(view.entries.count)
        value["changes"] = .array(changes.map { RecordView.change($0, redaction, whole: true) })
        return .json(.object(value))
    }

    private static func undo(_ call: RequestContext) async throws -> Answer {
        let plan = try await call.tracker.undoPlan(
            for: call.revision(call["revision"]), within: call.services.configuration.budgets.undo)
        try checkSeen(plan, call)
        let given = try call.json.isNull ? "" : call.reason(in: call.bodyObject("changes"))
        let request = call.trackerRequest.because(
            of: given.isEmpty && call.trackerRequest.reason.isEmpty ? "undo of revision \(plan.record.revision)" : given
        ).writing(plan.scope)
        return try await call.writeOrTry(request) { draft throws(TrackerError) in
            try draft.undo(plan)
        } answer: { outcome in
            let redaction = Redaction(outcome.snapshot)
            let readAuthorization = call.readAuthorization(in: outcome.snapshot)
            return WriteAnswer([
                "revision": JSONValue(Int(clamping: outcome.snapshot.revision.number)),
                "changes": .array(
                    outcome.changes.filter { readAuthorization.sees($0.id, in: outcome.snapshot) }.map { change in
                        let before = PastVersion(change.before), after = PastVersion(change.after)
                        return RecordView.change(change.id, change.action, before, after, redaction, whole: false)
                    }),
            ])
        }
    }

    /// Refuses to undo what the caller does not see all of; what undoing takes beside that shows when it is drafted.
    private static func checkSeen(_ plan: UndoPlan, _ call: RequestContext) throws {
        let view = RecordView(plan.record, call.readAuthorization(), in: call.snapshot)
        guard view.isShown else { throw TrackerError.notFound("changes", call["revision"]) }
        // What the caller lacks would name what the caller does not see.
        guard view.isComplete else { throw AccessError.denied(call.path.shown, requires: []) }
    }
}
