import ArgumentParser
import Client
import JSON

/// `muster fleet`.
struct FleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet", abstract: "Set up and ask the inventory whose API is Craton's.",
        discussion: """
            The inventory's API is on a port of its own, 7780 by default, at /v1. Commands find it, and who asks, in the \
            environment of Craton's client: CRATON_URL, OS_PROJECT_ID, OS_USERNAME and OS_PASSWORD. Its verbs are here too, \
            as host-list.

            Examples:
              muster fleet bootstrap
              muster fleet demo
              muster fleet list hosts label=server
              muster fleet host-list --label server
            """,
        subcommands: [
            Bootstrap.self, List.self, Show.self, Create.self, Update.self, Delete.self, Variables.self, Lint.self,
            Demo.self,
        ] + FleetNouns.verbs)

    /// `muster fleet bootstrap`.
    struct Bootstrap: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "bootstrap", abstract: "Make the first project and user, and show them with the user's key.",
            discussion: """
                Project and user are called bootstrap, and the user may do everything in the inventory. Where they are there \
                already, they stay as they are, and are shown again. It takes all rights to all fleet_ types.

                Examples:
                  muster fleet bootstrap
                  muster fleet bootstrap -o json
                """)

        @OptionGroup var client: ClientOptions

        func run(_ session: CommandSession) async throws {
            var request = APIRequest("POST", ["bootstrap"])
            request.base = "/fleet"
            let account = try await session.client.send(request).json()
            guard !session.isStructured else { return try session.show(account) }
            try session.console.write("\n")
            for label in ["ProjectId", "Username", "APIKey"] {
                try session.console.write("\(label): \(account[label]?.stringValue ?? "")\n")
            }
        }
    }
}
