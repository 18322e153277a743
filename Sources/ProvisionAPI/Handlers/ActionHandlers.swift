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

    private func run(_ call: RequestContext) throws -> Answer {
        _ = try call.object(type.typeName)
        let message = "Action \(call["name"]) on \(type.typeName): Not Found"
        throw APIError(404, "INVOKE", of: type.typeName.rawValue, key: call["key"], message)
    }
}
