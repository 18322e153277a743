import Basics
import Fleet
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// The variables that labels hand on to the devices that have them.
extension FleetFacade {
    var labelVariableRoutes: [Route<FleetSession>] {
        let path = "/labels/{label}/variables"
        return [
            route(.get, path, .plain) { call in
                return .answer(call.answer(["variables": Self.variables(Self.labelID(call), call, call.snapshot)]))
            },
            route(.put, path, .plain, body: .variables) { call in
                let (id, members) = (Self.labelID(call), Self.members(call))
                return write(call) { draft throws(TrackerError) in
                    if draft.view[id] == nil { try draft.create(id.typeName, members) }
                    return try draft.update(id.typeName, at: id.key.string) { object in
                        var variables = object["variables"]?.objectValue ?? [:]
                        for (name, value) in call.members { variables[name] = value }
                        object["variables"] = .object(variables)
                    }
                } answer: { committed in
                    call.answer(["variables": Self.variables(id, call, committed.snapshot)])
                }
            },
            route(.delete, path, .plain, body: .names) { call in
                let id = Self.labelID(call)
                let names = Set(call.body.arrayValue?.compactMap(\.stringValue).map { Identifier($0) } ?? [])
                return write(call) { draft throws(TrackerError) in
                    guard let label = draft.view[id] else { return }
                    let variables = label.object["variables"]?.objectValue ?? [:]
                    let rest = variables.filter { name, _ in !names.contains(Identifier(name)) }
                    if rest.isEmpty {
                        try draft.remove(id.typeName, at: id.key.string)
                    } else {
                        try draft.update(id.typeName, at: id.key.string) { $0["variables"] = .object(rest) }
                    }
                } answer: { _ in
                    .fleetEmpty(to: call.context.request)
                }
            },
        ]
    }

    private static func variables(_ id: ObjectID, _ call: FleetCall, _ snapshot: Snapshot) -> JSONValue {
        guard let label = snapshot[id] else { return [:] }
        return .object(call.variableRights(to: label, in: snapshot).readable(label.variables))
    }

    private static func labelID(_ call: FleetCall) -> ObjectID {
        call.snapshot.labelID(call.context["label"], project: call.rights.caller.project)
    }

    private static func members(_ call: FleetCall) -> JSONObject {
        ["project_id": .string(call.rights.caller.project), "label": .string(call.context["label"])]
    }
}
