import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import NIOCore
import Tracker

extension RequestContext {
    /// What handlers work with.
    var services: Services { session.services }

    /// Who asks; nil on routes that are open to all.
    var principal: Principal? { session.principal }

    /// The state to answer from.
    var snapshot: Snapshot { session.snapshot }

    /// The tracker.
    var tracker: DataTracker { services.tracker }

    /// Does what may take long, and cancels it as soon as the client leaves.
    func whileClientStays<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await services.disconnects.whileClientStays(on: channel, body)
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
        switch body {
        case .none, .stream: return 0
        case .json, .patch, .form, .bytes: break
        }
        guard let length = request.headers.value(of: .contentLength) else {
            return request.headers[.transferEncoding] == nil ? 0 : WriteScope.largeBytes + 1
        }
        return Int(length) ?? 0
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
