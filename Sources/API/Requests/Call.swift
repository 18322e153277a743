import Access
import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore
import Tracker

/// One request that is being answered: what was asked, by whom, and the state to answer from.
struct Call: Sendable {
    let id: RequestID
    let route: Route
    let path: RequestPath
    let request: Request
    let body: Body
    /// Who asks; nil on routes that are open to all.
    let principal: Principal?
    /// The newest durable state at the time the request came; the same for all of its parts.
    let snapshot: Snapshot
    let services: Services
    /// The connection that it came by.
    let channel: any Channel
    let logger: Logger

    /// The method; `HEAD` where a `GET` route answers it.
    var method: HTTPRequest.Method { request.method }

    /// Whether the client wants no body.
    var isHead: Bool { method == .head }

    /// The query's arguments.
    var query: QueryArguments { QueryArguments(path.query) }

    /// A variable part of the path; empty if the route's pattern has none of that name.
    subscript(name: String) -> String { route.pattern.value(of: name, in: path.segments) }

    /// The tracker.
    var tracker: DataTracker { services.tracker }

    /// The request as the tracker and its records know it.
    var trackerRequest: TrackerRequest {
        TrackerRequest(
            id: id.description, principal: principal?.displayed ?? "",
            isForced: path.query != nil && query.isSet("force"))
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

    /// Commits what `body` does, on behalf of this request.
    func commit<Value: Sendable>(
        _ body: @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async throws(TrackerError) -> DataTracker.Committed<Value> {
        try await tracker.commit(trackerRequest, body)
    }

    /// Commits as `commit` does. Values that break a rule are refused in the method's name and not as a `ValidationError`:
    /// so clients know it of params and preferences (C §3).
    ///
    /// - Parameter key: the key as it was given, for that refusal.
    func commitValues<Value: Sendable>(
        key: String = "", _ body: @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async throws -> DataTracker.Committed<Value> {
        do throws(TrackerError) {
            return try await commit(body)
        } catch {
            guard error.code == .invalid else { throw error }
            var refusal = APIError(error, to: method)
            refusal.type = APIError.type(of: method)
            refusal.key = key
            throw refusal
        }
    }
}
