import Basics
import Fleet
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// The routes of a collection.
extension FleetFacade {
    func resourceRoutes(_ resource: FleetResource) -> [Route<FleetSession>] {
        let (list, item) = ("/\(resource.path)", "/\(resource.path)/{id}")
        var routes = [
            route(.get, list, resource.listLevel, query: resource.listQuery) { try self.list(resource, $0) },
            route(.post, list, resource.writeLevel, body: resource.creating) { try create(resource, $0) },
            route(.get, item, resource.readLevel, query: resource.itemQuery) { try get(resource, $0) },
            route(.delete, item, resource.writeLevel) { remove(resource, $0) },
        ]
        if let changing = resource.changing {
            routes.append(route(.put, item, resource.writeLevel, body: changing) { try change(resource, $0) })
        }
        if resource.hasVariableEndpoints { routes += variableRoutes(resource) }
        routes.append(historyRoute(resource))
        if resource.kind.isDevice { routes += labelRoutes(resource) }
        return routes
    }

    private func get(_ resource: FleetResource, _ call: FleetCall) throws -> Reply {
        let object = try call.object(resource.kind)
        let isResolved = resource.showsResolved && call.arguments.isSet("resolved-values")
        let variables: ObjectText.Variables = !resource.hasVariables ? .none : isResolved ? .resolved : .own
        let text = ObjectText(resource, call, variables)
        return .answer(call.answer(text.bytes(object)))
    }

    private func create(_ resource: FleetResource, _ call: FleetCall) throws -> Reply {
        let object = try NewObject(resource, call).object
        let typeName = resource.kind.typeName
        return write(call) { draft throws(TrackerError) in
            try draft.create(typeName, object)
        } answer: { committed in
            var given: JSONObject = [:]
            if resource.kind != .networkInterface, resource.hasVariables {
                given["variables"] = call.members["variables"] ?? [:]
            }
            for name in resource.echoed { given[name] = call.members[name] }
            let text = ObjectText(resource, call, in: committed.snapshot, given: given)
            var answer = call.answer(text.bytes(committed.object(typeName)), status: .created)
            answer.headers[.location] = "\(call.origin)/v1/\(resource.path)/\(committed.value.key)"
            return answer
        }
    }

    private func change(_ resource: FleetResource, _ call: FleetCall) throws -> Reply {
        let key = try call.object(resource.kind).key.string
        let typeName = resource.kind.typeName
        let changes = try NewObject.columns(of: call.members, resource)
        return write(call) { draft throws(TrackerError) in
            try draft.update(typeName, at: key) { object in
                for (name, value) in changes { object[name] = value }
            }
        } answer: { committed in
            let text = ObjectText(resource, call, in: committed.snapshot)
            return call.answer(text.bytes(committed.object(typeName)))
        }
    }

    /// Removes an object with all that is in it. What is not there, or not seen, is as good as removed (F §3, Delete).
    private func remove(_ resource: FleetResource, _ call: FleetCall) -> Reply {
        guard let object = call.find(resource.kind, call.context["id"]) else {
            return .answer(.fleetEmpty(to: call.context.request))
        }
        let (typeName, key) = (resource.kind.typeName, object.key)
        let count = Self.countBelow(ObjectID(typeName, key), call.snapshot)
        return write(call, count: count) { draft throws(TrackerError) in
            guard draft.view[ObjectID(typeName, key)] != nil else { return }
            try draft.remove(typeName, at: key.string)
        } answer: { _ in
            .fleetEmpty(to: call.context.request)
        }
    }

    /// About how many objects go with one that is removed.
    private static func countBelow(_ id: ObjectID, _ snapshot: Snapshot) -> Int {
        let fields: JSONObject = [
            FleetTypes.projects.rawValue: "project_id", FleetTypes.clouds.rawValue: "cloud_id",
            FleetTypes.regions.rawValue: "region_id", FleetTypes.cells.rawValue: "cell_id",
        ]
        guard let field = fields[id.typeName.rawValue]?.stringValue else { return 1 }
        return snapshot.rowCount(FleetTypes.devices, where: .field(field), spelled: id.key.string)
    }
}
