import Access
import HTTPServing
import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore
import Tracker

/// One request that is being answered: what was asked, by whom, and the state to answer from.
struct RequestContext: Sendable {
    let routed: RoutedRequest
    let route: Route
    let request: ServerRequest
    let body: Body
    /// Who asks; nil on routes that are open to all.
    let principal: Principal?
    /// The newest durable state at the time the request came, or the past one that it asks for; the same for all of its
    /// parts.
    var snapshot: Snapshot
    /// The state that says what the caller may see, if it is not `snapshot`.
    var accessSnapshot: Snapshot?
    /// Under what the answer to a write is to be kept; nil if the client does not say that it may send it again.
    var answerKey: AnswerKey?
    let services: Services
    let logger: Logger

    /// The name of the request.
    var id: HTTPServing.RequestID { routed.id }

    /// The path.
    var path: RequestPath { routed.path }

    /// The connection that it came by.
    var channel: any Channel { routed.source.channel }

    /// The method; `HEAD` where a `GET` route answers it.
    var method: HTTPRequest.Method { request.method }

    /// Whether the client wants no body.
    var isHead: Bool { method == .head }

    /// The query's arguments.
    var query: QueryArguments { routed.query }

    /// A variable part of the path; empty if the route's pattern has none of that name.
    subscript(name: String) -> String { route.pattern.value(of: name, in: path.segments) }

    /// The tracker.
    var tracker: DataTracker { services.tracker }

    /// Does what may take long, and cancels it as soon as the client leaves.
    func whileClientStays<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await services.departures.whileClientStays(on: channel, body)
    }

    /// The request as the tracker and its records know it.
    var trackerRequest: TrackerRequest {
        TrackerRequest(
            id: id.description, principal: principal?.displayed ?? "",
            reason: request.headers.value(of: .changeReason) ?? "", isForced: query.isSet("force"),
            scope: writeScope, authorization: writeRights)
    }

    /// What judges the call's writes; nil for whoever may do and see everything.
    private var writeRights: WriteRights? {
        guard let principal, !principal.isSuperuser || principal.tenant != nil else { return nil }
        return WriteRights(principal, target: path.shown)
    }

    /// What the call declares of its writes. By bytes it is large if it brings many, or changes an object that has.
    private var writeScope: WriteScope {
        let scope = route.requirement.writeScope(in: tracker.catalog)
        let key = self["key"]
        let object = key.isEmpty ? nil : scope.types?.first.flatMap { snapshot.resolve($0, key) }
        return scope.handling(bytes: bodySize + (object?.document.bytes.count ?? 0))
    }

    /// The bytes of the body; of one that was not announced, as many as make a write large.
    private var bodySize: Int {
        if case .none = body { return 0 }
        guard let length = request.headers.value(of: .contentLength) else {
            return request.headers[.transferEncoding] == nil ? 0 : WriteScope.largeBytes + 1
        }
        return Int(length) ?? 0
    }

    /// The JSON of the body.
    var json: JSONValue {
        guard case .json(let value) = body else { preconditionFailure("\(route) takes no JSON body") }
        return value
    }

    /// The patch in the body.
    var patch: JSONPatch {
        guard case .patch(let patch) = body else { preconditionFailure("\(route) takes no patch") }
        return patch
    }

    /// The JSON object in the body.
    ///
    /// - Parameter model: what the object is, for the error.
    /// - Throws: `APIError` of status 400 when the body is something else.
    func bodyObject(_ model: String) throws(APIError) -> JSONObject {
        guard case .object(let object) = json else {
            throw badRequest(of: model, "json: cannot unmarshal \(json.kindName) into an object of \(model)")
        }
        return object
    }

    /// A refusal for what the client sent.
    func badRequest(of model: String = "", key: String = "", _ message: String) -> APIError {
        .badRequest(method, of: model, key: key, message)
    }

}
