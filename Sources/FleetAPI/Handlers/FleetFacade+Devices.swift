import Basics
import Fleet
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// All devices in one list (F §4).
extension FleetFacade {
    var deviceRoute: Route<FleetSession> {
        route(.get, "/devices", .plain, query: Self.deviceQuery) { call in
            let query = try Self.deviceList(call)
            let isResolved = call.arguments.isSet("resolved-values")
            let variables: ObjectText.Variables =
                !call.arguments.isSet("details") ? .none : isResolved ? .resolved : .own
            return Self.list(query, variables, call) { page in
                call.answer(ListText(page, PageLinks(call, query, Self.deviceQuery)).bytes(devices: call, variables))
            }
        }
    }

    private static let deviceQuery = QuerySchema(
        [
            .init("region_id", .integer), .init("cloud_id", .integer), .init("cell_id", .integer),
            .init("parent_id", .integer), .init("active", .boolean), .init("descendants", .boolean, initial: false),
            .init("details", .boolean, initial: false), .init("resolved-values", .boolean, initial: true),
            .init("limit", .limit, initial: 30), .init("marker", .integer), .init("sort_keys", .string),
            .init("sort_dir", .direction),
        ], synonyms: [(name: "sort_key", means: "sort_keys"), (name: "detail", means: "details")])

    private static func deviceList(_ call: FleetCall) throws -> FleetQuery {
        let sortable = FleetResource.hosts.sortable
        var query = try ListRequest(FleetTypes.devices, call, kind: nil, sortable: sortable).query
        for name in ["region_id", "cloud_id", "cell_id", "active"] {
            if let value = call.arguments[name] { query.conditions.append(.init(name, value)) }
        }
        if let parent = call.arguments["parent_id"]?.intValue {
            let isSeen = call.find(.host, String(parent)) != nil || call.find(.networkDevice, String(parent)) != nil
            if !isSeen {
                // A parent that is not there, or not seen, has no children.
                query.conditions.append(.init("parent_id", -1))
            } else if call.arguments.isSet("descendants") {
                query.ancestor = parent
            } else {
                query.conditions.append(.init("parent_id", JSONValue(parent)))
            }
        }
        if let project = call.rights.confinement(FleetTypes.devices) {
            query.conditions.append(.init("project_id", .string(project)))
        }
        return query
    }
}
