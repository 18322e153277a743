import Basics
import Fleet
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// The inventory as Ansible reads it (F §8).
extension FleetFacade {
    var inventoryRoute: Route<FleetSession> {
        let query = QuerySchema([.init("region_id", .string), .init("cell_id", .string)])
        return route(.get, "/ansible-inventory", .plain, query: query) { call in
            .task { await CooperativePool.run { call.answer(AnsibleInventory(call).value) } }
        }
    }
}

/// The hosts of an inventory in groups: by region, by cell, and by label.
private struct AnsibleInventory {
    /// What belongs together.
    private struct Group {
        var hosts: Set<Identifier> = []
        var children: Set<Identifier> = []
        var variables: JSONValue = [:]

        var value: JSONValue {
            var members: JSONObject = ["vars": variables]
            if !children.isEmpty { members["children"] = JSONValue(children.sorted().map(\.text)) }
            if !hosts.isEmpty { members["hosts"] = JSONValue(hosts.sorted().map(\.text)) }
            return .object(members)
        }
    }

    private let call: FleetCall
    private var variables: [Identifier: JSONValue] = [:]
    private var groups: [Identifier: Group] = [:]

    init(_ call: FleetCall) {
        self.call = call
        for host in call.snapshot.page(Self.query(call)).rows { add(host) }
    }

    var value: JSONValue {
        var inventory = JSONObject(groups.map { ($0.text, $1.value) })
        inventory["all"] = ["hosts": JSONValue(variables.keys.sorted().map(\.text))]
        inventory["_meta"] = ["hostvars": .object(JSONObject(variables.map { ($0.text, $1) }))]
        return .object(inventory)
    }

    private static func query(_ call: FleetCall) -> FleetQuery {
        var query = FleetQuery(FleetTypes.devices)
        query.limit = nil
        query.conditions.append(.init("kind", .string(FleetKind.host.rawValue)))
        for name in ["region_id", "cell_id"] {
            guard let text = call.arguments.text(name) else { continue }
            query.conditions.append(.init(name, Int(text).map { JSONValue($0) } ?? .string(text)))
        }
        if let project = call.rights.confinement(FleetTypes.devices) {
            query.conditions.append(.init("project_id", .string(project)))
        }
        return query
    }

    private mutating func add(_ host: StoredObject) {
        let members = host.object
        let address = Identifier(members["ip_address"]?.stringValue ?? "")
        let resolved = call.snapshot.resolvedVariables(of: host, FleetTypes.devices)
        variables[address] = .object(call.variableRights(to: host, in: call.snapshot).readable(resolved))
        addPlace(members, address)
        for label in members["labels"]?.arrayValue?.compactMap(\.stringValue) ?? [] {
            groups[Identifier(label), default: Group()].hosts.insert(address)
        }
    }

    /// Adds a host to the group of its cell, which is one of its region's, or to that of its region.
    private mutating func addPlace(_ members: JSONObject, _ address: Identifier) {
        guard let region = call.snapshot.object(FleetTypes.regions, text("region_id", members)) else { return }
        let name = region.document.member("name")?.string ?? ""
        var group = groups[Identifier(name)] ?? Group(variables: own(region))
        if let cell = call.snapshot.object(FleetTypes.cells, text("cell_id", members)) {
            let cellName = Identifier("\(name)-\(cell.document.member("name")?.string ?? "")")
            group.children.insert(cellName)
            var members = groups[cellName] ?? Group(variables: own(cell))
            members.hosts.insert(address)
            groups[cellName] = members
        } else {
            group.hosts.insert(address)
        }
        groups[Identifier(name)] = group
    }

    private func own(_ object: StoredObject) -> JSONValue {
        let variables = object.document.member("variables")?.value().objectValue ?? [:]
        return .object(call.variableRights(to: object, in: call.snapshot).readable(variables))
    }

    private func text(_ name: String, _ members: JSONObject) -> String { members[name]?.canonicalText ?? "" }
}
