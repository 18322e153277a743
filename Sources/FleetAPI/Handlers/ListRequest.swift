import Basics
import Fleet
import JSON
import Tracker

/// What the arguments of a list ask for.
struct ListRequest {
    private(set) var query: FleetQuery

    /// - Throws: 400 for a marker, a sort key or conditions on variables that make no sense; 404 for a user's id that leads
    /// nowhere.
    init(_ resource: FleetResource, _ call: FleetCall) throws {
        try self.init(resource.kind.typeName, call, kind: resource.kind, sortable: resource.sortable)
        if resource.kind.isDevice {
            query.conditions.append(.init("kind", .string(resource.kind.rawValue)))
        }
        for argument in resource.filters { try addFilter(argument.name, resource, call) }
        confine(resource, call)
    }

    /// The part of a request that is the same for all lists.
    ///
    /// - Parameter kind: what a marker must be; nil for any object of the type.
    init(_ typeName: TypeName, _ call: FleetCall, kind: FleetKind?, sortable: [String]) throws {
        query = FleetQuery(typeName)
        let limit = call.arguments["limit"]?.intValue ?? 30
        query.limit = limit == 0 ? nil : limit
        query.sort = try Self.order(call, sortable)
        if let marker = call.arguments["marker"] {
            let text = marker.stringValue ?? marker.canonicalText
            let found = kind.map { call.find($0, text) } ?? Self.device(text, call)
            guard let found else { throw FleetRefusal(400, "Marker \"\(text)\" does not exist") }
            query.marker = found.key
        }
    }

    private static func device(_ text: String, _ call: FleetCall) -> StoredObject? {
        call.find(.host, text) ?? call.find(.networkDevice, text)
    }

    private static func order(_ call: FleetCall, _ sortable: [String]) throws -> FleetOrder {
        var order = FleetOrder()
        if let text = call.arguments.text("sort_keys") {
            order.columns =
                text.utf8.contains(UInt8(ascii: ","))
                ? text.parts(between: ",").flatMap { $0.parts(between: " ") }.map { String($0) }
                : text.parts(between: " ").map { String($0) }
            for column in order.columns where !sortable.contains(bytesOf: column) {
                throw FleetRefusal(400, "\"\(column)\" is an invalid sort key")
            }
        }
        order.isDescending = call.arguments.text("sort_dir")?.hasSameUTF8(as: "desc") ?? false
        return order
    }

    private mutating func addFilter(_ name: String, _ resource: FleetResource, _ call: FleetCall) throws {
        guard let value = call.arguments[name] else { return }
        switch name {
        case "details", "resolved-values", "network_type": break
        case "vars": try addConditions(value.stringValue ?? "", call)
        case "label": query.conditions.append(.init("labels", value))
        case "name" where resource.kind == .project: query.likeName = value.stringValue
        case "name" where resource.kind == .user: query.conditions.append(.init("username", value))
        case "id" where resource.kind == .user:
            guard call.find(.user, value.canonicalText) != nil else { throw FleetRefusal(404, "Not Found") }
        case "ip_address":
            let text = value.stringValue ?? ""
            query.conditions.append(.init(name, .string(IPAddress(text)?.description ?? text)))
        case "region_id", "cell_id":
            // Some lists take any text here, which then means no row.
            let number = value.stringValue.map { Int($0) ?? 0 } ?? value.intValue ?? 0
            query.conditions.append(.init(name, number == 0 ? .string("") : JSONValue(number)))
        default: query.conditions.append(.init(name, value))
        }
    }

    private mutating func addConditions(_ text: String, _ call: FleetCall) throws {
        do throws(VariableCondition.Fault) {
            query.variables = try VariableCondition.all(text)
        } catch {
            switch error {
            case .path: throw FleetRefusal(400, "The query contains an invalid JSON Path expression.")
            case .value: throw FleetRefusal(400, "An invalid JSON value was specified.")
            }
        }
        // A variable that is not theirs to read is as good as not there.
        let rights = call.rights.variables(project: call.rights.caller.project, in: call.snapshot)
        if !query.variables.allSatisfy({ rights.mayRead($0.path.name) }) {
            query.conditions.append(.init("id", 0))
        }
        query.countsInherited = call.arguments.isSet("resolved-values")
    }

    /// Confines the list to what the caller sees. Users by name are those of all projects to admins (F §2).
    private mutating func confine(_ resource: FleetResource, _ call: FleetCall) {
        if resource.kind == .user, call.arguments["name"] != nil { return }
        guard let project = call.rights.confinement(resource.kind.typeName) else { return }
        query.conditions.append(.init("project_id", .string(project)))
    }
}
