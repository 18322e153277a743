import Basics
package import Fleet
import HTTPServing
import HTTPTypes
import JSON
package import Logging
import NIOCore
import Tracker

/// What is known of a request to the inventory: who asks, and the state that answers it.
package struct FleetSession: FacadeSession {
    /// What a route takes: a level, which is asked for once query and body make sense (F §1, Order).
    package typealias Requirement = FleetCaller.Level

    package static let basePath = "/v1"

    /// Who asks, and what they may see and do.
    let rights: FleetRights
    /// The newest durable state at the time the request came.
    let snapshot: Snapshot
    package let logger: Logger

    package var caller: String? { rights.caller.principal }
}

/// One request to the inventory that is being answered.
typealias FleetContext = RequestContext<FleetSession>

/// A request to the inventory whose query and body make sense, by somebody who may make it.
struct FleetCall {
    let context: FleetContext
    /// The query's arguments, with the values that the schema has for those that are not given.
    let arguments: QueryValues
    /// The body; null where the route takes none.
    let body: JSONValue
    /// What `href`s begin with: `http://host:7780`.
    let origin: String

    var snapshot: Snapshot { context.session.snapshot }
    var rights: FleetRights { context.session.rights }

    /// The members of the body.
    var members: JSONObject { body.objectValue ?? [:] }

    /// The object that the path names, if there is one of the kind that the caller may see.
    ///
    /// - Throws: 404.
    func object(_ kind: FleetKind) throws -> StoredObject {
        guard let object = find(kind, context["id"]) else { throw FleetRefusal(404, "Not Found") }
        return object
    }

    /// The object of a kind that `text` is the id of; nil if there is none that the caller may see.
    func find(_ kind: FleetKind, _ text: String) -> StoredObject? {
        let key = kind == .project ? PythonUUID.canonical(text) ?? text : text
        guard let object = snapshot.object(kind.typeName, key), rights.sees(object, kind.typeName) else { return nil }
        if kind.isDevice, object.deviceKind != kind { return nil }
        return object
    }

    /// The caller's rights to the variables of an object.
    func variableRights(to object: StoredObject, in snapshot: Snapshot) -> VariableRights {
        rights.variables(
            project: object.document.member("project_id")?.string ?? object.key.string, in: snapshot)
    }

    /// The answer with a text that is JSON already.
    func answer(_ text: [UInt8], status: HTTPResponse.Status = .ok) -> Answer {
        var answer = Answer.json(.array(text), status: status)
        answer.headers[.fleetRequestID] = FleetRequestID.text(context.request)
        return answer
    }

    /// The answer with a value.
    func answer(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Answer {
        .fleet(value, to: context.request, status: status)
    }
}

extension StoredObject {
    /// Of a device: which of the two kinds it is.
    var deviceKind: FleetKind { document.member("kind")?.string.flatMap(FleetKind.init(rawValue:)) ?? .host }
}

extension FleetFacade {
    /// Makes a route that checks query and body first, then the caller's level, and answers then.
    func route(
        _ method: HTTPRequest.Method, _ path: String, _ level: FleetCaller.Level, query: QuerySchema = .none,
        body: BodySchema? = nil, _ handler: @escaping @Sendable (FleetCall) throws -> Reply
    ) -> Route<FleetSession> {
        Route(
            method, path, level, body: body == nil ? .none : .bytes,
            immediate: { context in
                guard !context.path.path.hasByteSuffix("/") else { throw FleetRefusal(404, FleetRefusal.unknownPath) }
                guard Self.reason(of: context).utf8.count <= Self.longestReason else {
                    throw FleetRefusal(400, "X-Change-Reason is longer than \(Self.longestReason) bytes: shorten it")
                }
                let arguments = try query.values(of: context.query)
                let value = try body?.value(of: context) ?? .null
                guard context.session.rights.caller.level >= level else {
                    throw TrackerError(.denied, "", FleetRights.adminText)
                }
                let host = context.request.head.authority ?? context.request.headers.value(of: .host) ?? "localhost"
                return try handler(
                    FleetCall(context: context, arguments: arguments, body: value, origin: "\(scheme)://\(host)"))
            })
    }

    /// The longest reason of a change, in bytes.
    private static let longestReason = 4096

    /// Why the client makes a change; empty if it does not say.
    private static func reason(of context: FleetContext) -> String {
        context.request.headers.value(of: .changeReason) ?? ""
    }

    /// Writes, and answers once that is durable.
    ///
    /// - Parameter count: about how many objects change.
    func write<Value: Sendable>(
        _ call: FleetCall, count: Int = 1, _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value,
        answer: @escaping @Sendable (DataTracker.Committed<Value>) -> Answer
    ) -> Reply {
        let request = TrackerRequest(
            id: call.context.id.description, principal: call.rights.caller.principal,
            reason: Self.reason(of: call.context),
            scope: WriteScope(Set(FleetTypes.all), count: count), authorization: call.rights)
        return .pending { [tracker] done in
            tracker.commit(request, body, keeping: answer) { result in done(result.mapError { $0 }) }
        }
    }
}
