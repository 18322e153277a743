import Access
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// The actions that plug-ins offer on the objects of one type (C §10).
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

    private func list(_ call: RequestContext) throws -> Answer { try call.actions(on: target(call)) }

    private func get(_ call: RequestContext) throws -> Answer { try call.action(on: target(call)) }

    private func run(_ call: RequestContext) async throws -> Answer { try await call.runAction(on: target(call)) }

    private func target(_ call: RequestContext) throws(TrackerError) -> ObjectID {
        ObjectID(type.typeName, try call.object(type.typeName).key)
    }
}

/// The actions that plug-ins offer on the system as a whole (C §10).
enum SystemActionHandlers {
    static var routes: [Route] {
        let typeName = ActionInvocation.system.typeName
        let scope = typeName.rawValue
        return [
            Route(.get, "/system/actions", .claim(scope: scope, action: "actions")) { call in
                try call.actions(on: ActionInvocation.system)
            },
            Route(.get, "/system/actions/{name}", .claim(scope: scope, action: "actions")) { call in
                try call.action(on: ActionInvocation.system)
            },
            Route(.post, "/system/actions/{name}", .action(typeName), body: .optionalJSON) { call in
                try await call.runAction(on: ActionInvocation.system)
            },
        ]
    }
}

extension RequestContext {
    /// The actions that could be run on what a call is about.
    fileprivate func actions(on target: ObjectID) throws -> Answer {
        .json(.array(try services.actions.list(on: target, plugin: query["plugin"], in: snapshot)))
    }

    /// The action that the path names.
    fileprivate func action(on target: ObjectID) throws -> Answer {
        .json(try services.actions.find(invocation(on: target, [:]), in: snapshot))
    }

    /// Runs the action that the path names, for as long as the client waits.
    fileprivate func runAction(on target: ObjectID) async throws -> Answer {
        let parameters = json == .null ? [:] : try bodyObject(target.typeName.rawValue)
        let invocation = invocation(on: target, parameters)
        return .json(try await whileClientStays { try await services.actions.run(invocation, in: snapshot) })
    }

    private func invocation(on target: ObjectID, _ parameters: JSONObject) -> ActionInvocation {
        ActionInvocation(
            name: self["name"], plugin: query["plugin"], target: target, givenKey: self["key"], parameters: parameters,
            principal: principal?.displayed ?? "")
    }
}
