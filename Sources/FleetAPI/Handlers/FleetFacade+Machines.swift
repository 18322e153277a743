import Basics
import Fleet
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// The machine that a host is, by its UUID or hardware address.
extension FleetFacade {
    var machineRoutes: [Route<FleetSession>] {
        let path = "/hosts/{id}/machine"
        return [
            route(.get, path, .plain) { call in
                guard let machine = call.snapshot[try Self.machineID(call)] else {
                    throw FleetRefusal(404, "Not Found")
                }
                return .answer(call.answer(["machine": machine.document.member("machine")?.value() ?? .null]))
            },
            route(.put, path, .plain, body: BodySchema([("machine", .string)], required: ["machine"])) { call in
                let host = try call.object(.host)
                let id = try Self.machineID(call)
                let members: JSONObject = [
                    "host_id": host.document.member("id")?.value() ?? 0, "machine": call.members["machine"] ?? "",
                    "project_id": host.document.member("project_id")?.value() ?? "",
                ]
                return write(call) { draft throws(TrackerError) in
                    guard draft.view[id] != nil else { return try draft.create(id.typeName, members) }
                    return try draft.update(id.typeName, at: id.key.string) { $0["machine"] = members["machine"] }
                } answer: { committed in
                    let machine = committed.object(FleetTypes.machines).document.member("machine")?.value()
                    return call.answer(["machine": machine ?? .null])
                }
            },
            route(.delete, path, .plain) { call in
                let id = try Self.machineID(call)
                return write(call) { draft throws(TrackerError) in
                    guard draft.view[id] != nil else { return }
                    try draft.remove(id.typeName, at: id.key.string)
                } answer: { _ in
                    .fleetEmpty(to: call.context.request)
                }
            },
        ]
    }

    /// The address of what says which machine the host of a path is.
    ///
    /// - Throws: 404 without such a host.
    private static func machineID(_ call: FleetCall) throws -> ObjectID {
        ObjectID(FleetTypes.machines, try call.object(.host).key)
    }
}
