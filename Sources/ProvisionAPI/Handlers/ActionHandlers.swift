import Access
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// The actions that plug-ins offer on the objects of one type (C §10). There are no plug-ins yet, and so no actions.
struct ActionHandlers: Sendable {
    let type: ObjectType
    /// The path's segment: the jobs' own `actions` are something else.
    var segment = "actions"

    var routes: [Route] {
        let all = "/\(type.typeName)/{key}/\(segment)"
        let scope = type.typeName.rawValue
        return [
            Route(.get, all, .claim(scope: scope, action: "actions"), list),
            Route(.get, all + "/{name}", .claim(scope: scope, action: "actions"), get),
            Route(.post, all + "/{name}", .action(type.typeName), body: .optionalJSON, run),
        ]
    }

    private func list(_ call: RequestContext) throws -> Answer {
        _ = try call.object(type.typeName)
        return .json([])
    }

    private func get(_ call: RequestContext) throws -> Answer {
        _ = try call.object(type.typeName)
        throw APIError(404, "GET", of: type.typeName.rawValue, key: call["key"], "\(call["name"]): Not Found")
    }

    private func run(_ call: RequestContext) async throws -> Answer {
        let object = try call.object(type.typeName)
        let parameters = call.json == .null ? [:] : try call.bodyObject(type.typeName.rawValue)
        let invocation = ActionInvocation(
            name: call["name"], plugin: call.query["plugin"], target: ObjectID(type.typeName, object.key),
            givenKey: call["key"], parameters: parameters, principal: call.principal?.displayed ?? "")
        return .json(try await call.services.actions.run(invocation, in: call.snapshot))
    }
}
