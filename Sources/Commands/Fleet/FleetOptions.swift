import ArgumentParser
import Basics
import Client
import ClientContexts
import JSON

/// The flags of commands that ask the inventory's API: where it is, and who asks. Their names in the environment are those of
/// Craton's client.
struct FleetOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the inventory's API is (CRATON_URL). (default: http://127.0.0.1:7780)", valueName: "url"))
    var url: String?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The project, by its id (OS_PROJECT_ID).", valueName: "id"))
    var project: String?
    @Option(help: ArgumentHelp("The user (OS_USERNAME).", valueName: "user")) var user: String?
    @Option(
        help: ArgumentHelp(
            "The user's key (OS_PASSWORD, which others cannot see on the command line).", valueName: "text"))
    var key: String?

    @Option(
        name: .customLong("ca"),
        help: ArgumentHelp("Trust servers whose certificate this PEM file's authority signed.", valueName: "file"),
        completion: .file())
    var authority: String?

    @Flag(help: "Trust any certificate. Your key goes to whoever answers.")
    var insecure = false

    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text")) var reason: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("What to print: table, json, yaml, name or jsonpath=TEMPLATE.", valueName: "form"),
        completion: .list(OutputFormat.names), transform: OutputFormat.init(argument:))
    var output: OutputFormat?

    /// The connection that flags and environment describe.
    ///
    /// - Throws: `ClientError` of kind `usage` that names what is missing.
    func inventory() throws(ClientError) -> FleetInventory {
        let environment = ClientOptions.environment
        func value(_ given: String?, _ name: String, _ flag: String) throws(ClientError) -> String {
            if let text = given ?? environment[Identifier(name)], !text.isEmpty { return text }
            throw ClientError(
                .usage, "give --\(flag), or \(name) in the environment; `muster fleet bootstrap` shows the first one")
        }
        let place = url ?? environment["CRATON_URL"] ?? "http://127.0.0.1:7780"
        let base = place.hasByteSuffix("/v1") ? String(decoding: place.utf8.dropLast(3), as: UTF8.self) : place
        var headers = [
            (name: "X-Auth-Project", value: try value(project, "OS_PROJECT_ID", "project")),
            (name: "X-Auth-User", value: try value(user, "OS_USERNAME", "user")),
            (name: "X-Auth-Token", value: try value(key, "OS_PASSWORD", "key")),
        ]
        if let reason { headers.append((name: "X-Change-Reason", value: reason)) }
        let client = MusterClient(try settings(base)) { address, fingerprint in
            Console.note("\(address) is new here; its certificate \(fingerprint.prefix(16))… is trusted from now on")
        }
        return FleetInventory(client: client, headers: headers)
    }

    /// The settings of requests to `base`, which carry no credentials of the server's own users.
    private func settings(_ base: String) throws(ClientError) -> ClientSettings {
        guard base.hasBytePrefix("https://") else {
            return ClientSettings(address: try ServerAddress(base), trust: .anything)
        }
        var context = ClientContext()
        (context.endpoint, context.authority, context.isInsecure, context.token) = (base, authority, insecure, "")
        var settings = try ClientSettings(context, folders: ClientOptions.folders)
        settings.credentials = nil
        return settings
    }
}

/// A command that asks the inventory's API.
protocol FleetClientCommand: AsyncParsableCommand {
    var fleet: FleetOptions { get }

    /// Does the command's work.
    func run(_ inventory: FleetInventory, _ session: CommandSession) async throws
}

extension FleetClientCommand {
    /// Connects, works, and ends the connections.
    public func run() async throws {
        let inventory = try fleet.inventory()
        let session = CommandSession(client: inventory.client, format: fleet.output, console: Console())
        do {
            try await run(inventory, session)
        } catch {
            await inventory.client.close()
            throw error
        }
        try session.console.flush()
        await inventory.client.close()
    }
}
