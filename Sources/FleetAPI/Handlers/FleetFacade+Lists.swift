import Basics
import Fleet
import HTTPServing
import JSON
import Tracker

/// Lists (F §4).
extension FleetFacade {
    func list(_ resource: FleetResource, _ call: FleetCall) throws -> Reply {
        if resource.looksUp, call.arguments["name"] != nil || call.arguments["id"] != nil {
            return .answer(try lookUp(resource, call))
        }
        let query = try ListRequest(resource, call).query
        return .task {
            let page = call.snapshot.page(query)
            let variables = Self.variables(of: resource, call)
            let form = ResourceForm(resource, call)
            let links = PageLinks(call: call, query: query, schema: resource.listQuery).value(page)
            return call.answer(ListText(form, variables).bytes(page.rows, links: links))
        }
    }

    /// Which variables the rows of a list are shown with.
    private static func variables(of resource: FleetResource, _ call: FleetCall) -> ResourceForm.Variables {
        guard resource.hasVariables, call.arguments.isSet("details") else { return .none }
        return resource.showsResolved && call.arguments.isSet("resolved-values") ? .resolved : .own
    }

    /// The list of the one cloud or region that name or id mean; a name that several regions have means all of them.
    private func lookUp(_ resource: FleetResource, _ call: FleetCall) throws -> Answer {
        let typeName = resource.kind.typeName
        var found: [StoredObject] = []
        if let name = call.arguments.text("name") {
            found = call.snapshot.keys(typeName, where: .field("name"), is: name)
                .compactMap { call.snapshot[ObjectID(typeName, $0)] }
                .filter { call.rights.sees($0, typeName) && Self.isInOwnProject($0, call, typeName) }
            guard !found.isEmpty else { throw FleetRefusal(404, "Not Found") }
        }
        if let id = call.arguments["id"] {
            guard let object = call.find(resource.kind, id.canonicalText) else { throw FleetRefusal(404, "Not Found") }
            found = [object]
        }
        if let cloud = call.arguments["cloud_id"] {
            found = found.filter { $0.document.member("cloud_id")?.value() == cloud }
            guard !found.isEmpty else { throw FleetRefusal(404, "Not Found") }
        }
        let form = ResourceForm(resource, call)
        let rows = found.map { JSONValue.object(form.value($0)) }
        return call.answer([(resource.listKey, .array(rows)), ("links", [])].asObject)
    }

    private static func isInOwnProject(_ object: StoredObject, _ call: FleetCall, _ typeName: TypeName) -> Bool {
        guard let project = call.rights.confinement(typeName) else { return true }
        return object.document.member("project_id")?.string?.hasSameUTF8(as: project) ?? false
    }
}

extension [(String, JSONValue)] {
    /// The members as an object.
    var asObject: JSONValue { .object(JSONObject(self)) }
}
