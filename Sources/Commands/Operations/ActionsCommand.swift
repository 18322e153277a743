import ArgumentParser
import Basics
import Client
import JSON

/// `muster actions`.
struct ActionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "actions", abstract: "List and run what plug-ins offer to do with objects.",
        discussion: """
            Examples:
              muster actions list machine/Name:web-1
              muster actions run machine/Name:web-1 poweron
            """,
        subcommands: [ListActionsCommand.self, RunActionCommand.self])
}

/// `muster actions list`.
struct ListActionsCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the actions on an object, or on the system as a whole.",
        discussion: """
            Examples:
              muster actions list machine/Name:web-1
              muster actions list system
            """, aliases: ["ls"])

    @Argument(help: "TYPE/KEY, or system.") var object: String
    @Option(help: ArgumentHelp("Actions of this plug-in only.", valueName: "plugin")) var plugin: String?
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let path = try await session.actions(on: object)
        let query = plugin.map { [(name: "plugin", value: $0)] } ?? []
        let actions = try await session.client.send(APIRequest("GET", path, query: query)).json()
        guard session.form.isTable else {
            return try session.show(actions) { _ in actions.arrayValue?.map(Self.command).joined(separator: "\n") ?? ""
            }
        }
        var table = Table(["Action", "Provider", "Needs", "Takes"])
        for action in actions.arrayValue ?? [] {
            table.add(
                [Self.command(action)]
                    + ["Provider", "RequiredParams", "OptionalParams"].map { action[$0].map(FieldList.cell) ?? "" })
        }
        guard !table.isEmpty else { return Console.note("no plug-in offers an action on \(object)") }
        try session.console.write(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
    }

    private static func command(_ action: JSONValue) -> String { action["Command"]?.stringValue ?? "" }
}

/// `muster actions run`.
struct RunActionCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run an action and show what it tells.",
        discussion: """
            Values are JSON, or else text. Params that are not given are the object's.

            Examples:
              muster actions run machine/Name:web-1 nextbootpxe
              muster actions run machine/Name:web-1 powercycle ipmi/mode=soft --plugin ipmi
              muster actions run system rotate
            """)

    @Argument(help: "TYPE/KEY, or system.") var object: String
    @Argument(help: "The action.") var action: String
    @Argument(help: ArgumentHelp("NAME=VALUE.", valueName: "param=value")) var params: [String] = []
    @Option(help: ArgumentHelp("The plug-in that is to do it, if several could.", valueName: "plugin")) var plugin:
        String?
    @OptionGroup var client: ClientOptions

    func adjust(_ settings: inout ClientSettings) {
        // What machines are asked for may take minutes, and is never to be done twice.
        settings.readSeconds += 3600
        settings.retries = 0
    }

    func run(_ session: CommandSession) async throws {
        var given: JSONObject = [:]
        for text in params {
            let (name, value) = try FieldAssignment.named(text)
            given[name] = value
        }
        let path = try await session.actions(on: object) + [action]
        let query = plugin.map { [(name: "plugin", value: $0)] } ?? []
        let request = APIRequest("POST", path, query: query, body: .object(given))
        try session.show(await session.client.send(request).json())
    }
}

extension CommandSession {
    /// The path of the actions on `TYPE/KEY`, or on the system.
    fileprivate func actions(on object: String) async throws(ClientError) -> [String] {
        if object.hasSameUTF8(as: "system") { return ["system", "actions"] }
        let path = try await path(of: object)
        // The jobs' own `actions` are something else.
        return path + [path[0].hasSameUTF8(as: "jobs") ? "plugin_actions" : "actions"]
    }
}
