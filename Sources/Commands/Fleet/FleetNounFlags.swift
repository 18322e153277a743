import ArgumentParser
import Basics
import Client
import JSON

/// What is said of one when it is made or changed. Whatever has no flag is said as NAME=VALUE.
struct NounMembers<Noun: FleetNoun>: ParsableArguments {
    @Argument(help: ArgumentHelp("Other members.", valueName: "name=value")) var others: [String] = []
    @Option(name: .shortAndLong, help: Noun.help("The name.", .name, in: Noun.members)) var name: String?
    @Option(help: Noun.help("A note.", .note, in: Noun.members)) var note: String?
    @Option(help: Noun.help("The cloud, by id or name.", .cloud, in: Noun.members, "cloud")) var cloud: String?
    @Option(name: .shortAndLong, help: Noun.help("The region, by id or name.", .region, in: Noun.members, "region"))
    var region: String?
    @Option(name: .shortAndLong, help: Noun.help("The cell, by id or name.", .cell, in: Noun.members, "cell"))
    var cell: String?
    @Option(
        name: [.customShort("t"), .customLong("type"), .customLong("device-type")],
        help: Noun.help("What sort of device it is.", .type, in: Noun.members)) var type: String?
    @Option(
        name: [.customShort("i"), .customLong("ip"), .customLong("ip_address")],
        help: Noun.help("The IP address.", .address, in: Noun.members, "address")) var address: String?
    @Option(name: .shortAndLong, help: Noun.help("Whether it is in use: true or false.", .active, in: Noun.members))
    var active: String?
    @Option(help: Noun.help("The device above it, by id; null for none.", .parent, in: Noun.members, "id"))
    var parent: String?
    @Option(name: .shortAndLong, help: Noun.help("A label; may be given again.", .label, in: Noun.members))
    var label: [String] = []
    @Option(
        name: [.customLong("access-secret"), .customLong("access_secret")],
        help: Noun.help("The secret to reach it with, by id or name.", .secret, in: Noun.members, "secret"))
    var accessSecret: String?

    /// The body that flags and assignments say.
    ///
    /// - Parameter isNew: whether what the body does not say of the places is taken from those that it names: the cloud from the
    ///   region, both from the cell.
    /// - Throws: `ClientError` for a flag that the noun has not, and a place that is not there.
    func body(_ inventory: FleetInventory, isNew: Bool) async throws -> JSONObject {
        var body = try JSONObject(assignments: others)
        let given: [(FleetFlag, String?)] = [
            (.name, name), (.note, note), (.cloud, cloud), (.region, region), (.cell, cell), (.type, type),
            (.address, address), (.active, active), (.parent, parent), (.secret, accessSecret),
        ]
        for (flag, text) in given {
            guard let text else { continue }
            body[flag.member(of: Noun.collection)] = try await flag.value(text, for: Noun.self, Noun.members, inventory)
        }
        if !label.isEmpty { body["labels"] = JSONValue(label) }
        if isNew { try await addPlaces(to: &body, inventory) }
        return body
    }

    private func addPlaces(to body: inout JSONObject, _ inventory: FleetInventory) async throws {
        for (flag, outer) in [(FleetFlag.cell, ["region_id", "cloud_id"]), (.region, ["cloud_id"])] {
            guard let id = body["\(flag.rawValue)_id"], let collection = flag.collection,
                outer.contains(where: { body[$0] == nil })
            else { continue }
            let place = try await inventory.send("GET", [collection, id.canonicalText])
            for name in outer where body[name] == nil { body[name] = place[name] }
        }
    }
}

/// What a list is filtered by.
struct NounFilters<Noun: FleetNoun>: ParsableArguments {
    @Option(name: .shortAndLong, help: Noun.help("Only those with this name.", .name, in: Noun.filters)) var name:
        String?
    @Option(help: Noun.help("Only those in this cloud, by id or name.", .cloud, in: Noun.filters, "cloud"))
    var cloud: String?
    @Option(
        name: .shortAndLong,
        help: Noun.help("Only those in this region, by id or name.", .region, in: Noun.filters, "region"))
    var region: String?
    @Option(
        name: .shortAndLong, help: Noun.help("Only those in this cell, by id or name.", .cell, in: Noun.filters, "cell")
    )
    var cell: String?
    @Option(
        name: [.customShort("t"), .customLong("type"), .customLong("device-type")],
        help: Noun.help("Only devices of this sort.", .type, in: Noun.filters)) var type: String?
    @Option(
        name: [.customShort("i"), .customLong("ip"), .customLong("ip_address")],
        help: Noun.help("Only those with this IP address.", .address, in: Noun.filters, "address")) var address: String?
    @Option(help: Noun.help("Only those with this label.", .label, in: Noun.filters)) var label: String?
    @Option(
        help: Noun.help(
            "PATH:JSON, which a variable must be; may be given again.", .vars, in: Noun.filters, "condition"))
    var vars: [String] = []
    @Option(help: Noun.help("Only those right below this device, by id.", .parent, in: Noun.filters, "id")) var parent:
        String?
    @Option(help: Noun.help("Only those that are in use, or are not: true or false.", .active, in: Noun.filters))
    var active: String?
    @Flag(help: Noun.help("With --parent: also those further below.", .descendants, in: Noun.filters)) var descendants =
        false

    /// The arguments of the list.
    ///
    /// - Throws: as `NounMembers.body`.
    func query(_ inventory: FleetInventory) async throws -> [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        let given: [(FleetFlag, String?)] = [
            (.name, name), (.cloud, cloud), (.region, region), (.cell, cell), (.type, type), (.address, address),
            (.label, label), (.parent, parent), (.active, active),
            (.vars, vars.isEmpty ? nil : vars.joined(separator: ",")), (.descendants, descendants ? "true" : nil),
        ]
        for (flag, text) in given {
            guard let text else { continue }
            let value = try await flag.value(text, for: Noun.self, Noun.filters, inventory)
            let name = flag == .name ? "name" : flag.member(of: Noun.collection)
            query.append((name, value.stringValue ?? value.canonicalText))
        }
        return query
    }
}

extension FleetFlag {
    /// What a flag's text means: of a place its id, of a number or null that.
    ///
    /// - Throws: `ClientError` of kind `usage` for a flag that the noun has not, as `FleetInventory.id`.
    fileprivate func value<Noun: FleetNoun>(
        _ text: String, for noun: Noun.Type, _ flags: [FleetFlag], _ inventory: FleetInventory
    ) async throws -> JSONValue {
        guard flags.contains(self) else {
            throw ClientError(.usage, "\(Noun.plural) have no \(rawValue): leave that flag out")
        }
        if let collection {
            let id = try await inventory.id(collection, text)
            return Int(id).map { JSONValue($0) } ?? .string(id)
        }
        guard self == .parent else { return .string(text) }
        return text == "null" ? .null : Int(text).map { JSONValue($0) } ?? .string(text)
    }
}
