import ArgumentParser
import Basics
import Client
import JSON

extension FleetCommand {
    /// `muster fleet list`.
    struct List: FleetClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List a collection of the inventory, or all devices.",
            discussion: """
                Filters are NAME=VALUE, as the API has them; vars='PATH:JSON' asks for variables.

                Examples:
                  muster fleet list hosts region_id=2 label=web
                  muster fleet list hosts vars='location:"rack 4"' --limit 0
                  muster fleet list devices parent_id=7 descendants=true -o yaml
                """)

        @Argument(help: "The collection, as hosts or host; or devices.") var collection: String
        @Argument(help: ArgumentHelp("Conditions that all must hold.", valueName: "filter")) var filters: [String] = []
        @Option(help: "How many rows at the most; 0 for all.") var limit: Int = 30
        @Flag(help: "Show variables too.") var detail = false
        @OptionGroup var fleet: FleetOptions

        func validate() throws {
            if limit < 0 { throw ValidationError("--limit is \(limit): give a number from 0, which means all") }
        }

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            let name =
                collection.hasSameUTF8(as: "devices") ? collection : try FleetInventory.collection(collection)
            var query: [(name: String, value: String)] = []
            for filter in filters { query.append(try ListCommand.argument(filter)) }
            if detail { query.append((name: "details", value: "true")) }
            let rows = try await inventory.rows(name, query, limit: limit)
            guard session.form.isTable else {
                guard session.form.isJSON || session.form.isYAML else { return try show(rows, of: name, session) }
                return try session.show(.array(rows))
            }
            var table = Table(["id", "name", "place", "address", "type"])
            for row in rows { table.add(Self.cells(row)) }
            try session.console.write(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
        }

        private func show(_ rows: [JSONValue], of name: String, _ session: CommandSession) throws(ClientError) {
            for row in rows { try session.show(row) { "\(name)/\($0["id"]?.canonicalText ?? "")" } }
        }

        private static func cells(_ row: JSONValue) -> [String] {
            func text(_ names: String...) -> String {
                let value = names.lazy.compactMap { row[$0] }.first { !$0.isNull }
                return value.map { $0.stringValue ?? $0.canonicalText } ?? ""
            }
            let place = ["cloud", "region", "cell"].compactMap { row[$0 + "_id"] }.filter { !$0.isNull }
            return [
                text("id"), text("name", "username", "prefix"), place.map(\.canonicalText).joined(separator: "/"),
                text("ip_address", "cidr"), text("device_type", "interface_type", "ip_block_type", "role"),
            ]
        }
    }

    /// `muster fleet show`.
    struct Show: FleetClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show one member of a collection, with its variables.",
            discussion: """
                Examples:
                  muster fleet show host web-1
                  muster fleet show region 2 -o json
                """)

        @OptionGroup var member: FleetMember
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            let (name, id) = try await member.find(in: inventory)
            try session.show(try await inventory.send("GET", [name, id])) { _ in "\(name)/\(id)" }
        }
    }

    /// `muster fleet create`.
    struct Create: FleetClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make a member of a collection.",
            discussion: """
                A value is JSON, or else text.

                Examples:
                  muster fleet create region name=DFW cloud_id=1
                  muster fleet create host name=web-1 cloud_id=1 region_id=2 ip_address=10.0.0.1 device_type=server
                """)

        @Argument(help: "The collection.") var collection: String
        @Argument(help: ArgumentHelp("NAME=VALUE.", valueName: "name=value")) var members: [String]
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            let name = try FleetInventory.collection(collection)
            let body = JSONValue.object(try JSONObject(assignments: members))
            try session.show(try await inventory.send("POST", [name], body: body)) { "\(name)/\($0["id"] ?? .null)" }
        }
    }

    /// `muster fleet update`.
    struct Update: FleetClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "update", abstract: "Change a member of a collection.",
            discussion: """
                Examples:
                  muster fleet update host web-1 active=false --reason 'ticket 7'
                  muster fleet update host 12 parent_id=null
                """)

        @OptionGroup var member: FleetMember
        @Argument(help: ArgumentHelp("NAME=VALUE.", valueName: "name=value")) var members: [String]
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            let (name, id) = try await member.find(in: inventory)
            let body = JSONValue.object(try JSONObject(assignments: members))
            try session.show(try await inventory.send("PUT", [name, id], body: body)) { _ in "\(name)/\(id)" }
        }
    }

    /// `muster fleet delete`.
    struct Delete: FleetClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Remove a member of a collection, with all that is in it.",
            discussion: """
                Examples:
                  muster fleet delete host web-1
                  muster fleet delete region 2 --reason 'moved away'
                """)

        @OptionGroup var member: FleetMember
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            let (name, id) = try await member.find(in: inventory)
            _ = try await inventory.send("GET", [name, id])
            _ = try await inventory.send("DELETE", [name, id])
            Console.note("\(name)/\(id) is gone")
        }
    }
}

/// The arguments that name one member of a collection.
struct FleetMember: ParsableArguments {
    @Argument(help: "The collection.") var collection: String
    @Argument(help: ArgumentHelp("The id, or the name if only one has it.", valueName: "member")) var member: String

    /// The collection as paths name it, and the member's id.
    ///
    /// - Throws: `ClientError` where there is no such collection or member, or several members have the name.
    func find(in inventory: FleetInventory) async throws -> (name: String, id: String) {
        let name = try FleetInventory.collection(collection)
        return (name, try await inventory.id(name, member))
    }
}
