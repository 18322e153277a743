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
        @OptionGroup var page: FleetPageOptions
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            let name =
                collection.hasSameUTF8(as: "devices") ? collection : try FleetInventory.collection(collection)
            var query: [(name: String, value: String)] = []
            for filter in filters { query.append(try ListCommand.argument(filter)) }
            try await page.list(name, query, inventory, session)
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

        @OptionGroup var one: FleetMember
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            try await inventory.show(try FleetInventory.collection(one.collection), one.member, session)
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
            try await inventory.create(name, try JSONObject(assignments: members), session)
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

        @OptionGroup var one: FleetMember
        @Argument(help: ArgumentHelp("NAME=VALUE.", valueName: "name=value")) var members: [String]
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            let body = try JSONObject(assignments: members)
            try await inventory.update(try FleetInventory.collection(one.collection), one.member, body, session)
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

        @OptionGroup var one: FleetMember
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            try await inventory.remove(try FleetInventory.collection(one.collection), one.member)
        }
    }
}

/// The arguments that name one member of a collection.
struct FleetMember: ParsableArguments {
    @Argument(help: "The collection.") var collection: String
    @Argument(help: ArgumentHelp("The id, or the name if only one has it.", valueName: "member")) var member: String
}
