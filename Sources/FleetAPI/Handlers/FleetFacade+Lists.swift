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
        let variables = Self.variables(of: resource, call)
        return Self.list(query, variables, call) { page in
            let links = PageLinks(call, query, resource.listQuery)
            return call.answer(ListText(page, links).bytes(resource, call, variables))
        }
    }

    /// Answers with a page: at once if it takes a look at little, else on a thread that others do not wait for.
    static func list(
        _ query: FleetQuery, _ variables: ObjectText.Variables, _ call: FleetCall,
        _ answer: @escaping @Sendable (FleetPage) -> Answer
    ) -> Reply {
        // Opening the keys of users takes longer than the rows tell.
        let isBrief = variables == .none && query.ancestor == nil && query.typeName != FleetTypes.users
        // A condition on variables looks at the places around each row as well.
        let length = query.variables.isEmpty ? briefLength : briefLength / 4
        if isBrief, let page = call.snapshot.page(query, within: length) { return .answer(answer(page)) }
        return .task { await CooperativePool.run { answer(call.snapshot.page(query)) } }
    }

    /// So many bytes of rows are looked at in no time.
    private static let briefLength = 128 << 10

    /// Which variables the rows of a list are shown with.
    private static func variables(of resource: FleetResource, _ call: FleetCall) -> ObjectText.Variables {
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
        let page = FleetPage(rows: found, previousMarker: nil)
        return call.answer(ListText(page, .none).bytes(resource, call, .none))
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
