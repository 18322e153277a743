import Basics
import Fleet
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// The variables of an object (F §5), and the labels of a device (F §7).
extension FleetFacade {
    func variableRoutes(_ resource: FleetResource) -> [Route<FleetSession>] {
        let path = "/\(resource.path)/{id}/variables"
        let level = resource.readLevel
        return [
            route(.get, path, level, query: resource.variableQuery) { call in
                let object = try call.object(resource.kind)
                if call.arguments.isSet("explain") {
                    return .answer(call.answer(VariableExplanation(object, resource.kind, call).value))
                }
                let isResolved = resource.resolvesVariables && call.arguments.isSet("resolved-values")
                let variables =
                    isResolved ? call.snapshot.resolvedVariables(of: object, resource.kind.typeName) : object.variables
                let readable = call.variableRights(to: object, in: call.snapshot).readable(variables)
                return .answer(call.answer(["variables": .object(readable)]))
            },
            route(.put, path, level, body: .variables) { call in
                let given = call.members
                return try rewrite("variables", resource, call) { object in
                    var variables = object["variables"]?.objectValue ?? [:]
                    for (name, value) in given { variables[name] = value }
                    object["variables"] = .object(variables)
                }
            },
            route(.delete, path, level, body: .names) { call in
                let names = Set(call.body.arrayValue?.compactMap(\.stringValue).map { Identifier($0) } ?? [])
                return try rewrite(nil, resource, call) { object in
                    let variables = object["variables"]?.objectValue ?? [:]
                    object["variables"] = .object(variables.filter { name, _ in !names.contains(Identifier(name)) })
                }
            },
        ]
    }

    func labelRoutes(_ resource: FleetResource) -> [Route<FleetSession>] {
        let path = "/\(resource.path)/{id}/labels"
        return [
            route(.get, path, .plain) { call in
                let labels = try call.object(resource.kind).document.member("labels")?.value()
                return .answer(call.answer(["labels": labels ?? []]))
            },
            route(.put, path, .plain, body: Self.labels) { call in
                let given = call.members["labels"]?.arrayValue ?? []
                return try rewrite("labels", resource, call) { object in
                    object["labels"] = .array((object["labels"]?.arrayValue ?? []) + given)
                }
            },
            route(.delete, path, .plain, body: Self.labels) { call in
                let given = Set(call.members["labels"]?.arrayValue ?? [])
                return try rewrite(nil, resource, call) { object in
                    object["labels"] = .array((object["labels"]?.arrayValue ?? []).filter { !given.contains($0) })
                }
            },
        ]
    }

    private static let labels = BodySchema([("labels", .strings)], required: ["labels"])

    /// Changes an object, and answers with a part of it as it is then, or with nothing.
    private func rewrite(
        _ member: String?, _ resource: FleetResource, _ call: FleetCall,
        _ change: @escaping @Sendable (inout JSONObject) -> Void
    ) throws -> Reply {
        let (typeName, key) = (resource.kind.typeName, try call.object(resource.kind).key.string)
        return write(call) { draft throws(TrackerError) in
            try draft.update(typeName, at: key) { object in change(&object) }
        } answer: { committed in
            guard let member else { return .fleetEmpty(to: call.context.request) }
            let object = committed.object(typeName)
            var value = object.document.member(member)?.value() ?? .null
            if case .object(let variables) = value {
                value = .object(call.variableRights(to: object, in: committed.snapshot).readable(variables))
            }
            return call.answer([(member, value)].asObject)
        }
    }
}
