import ArgumentParser
import Basics
import Client
import JSON

/// `muster prefs`.
struct PreferencesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prefs", abstract: "Show and set the server's preferences.",
        discussion: """
            Examples:
              muster prefs list
              muster prefs set defaultWorkflow=discover
            """,
        subcommands: [List.self, Set.self])

    /// `muster prefs list`.
    struct List: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Show the preferences that are set or have a default.",
            discussion: """
                Examples:
                  muster prefs list
                  muster prefs list -o 'jsonpath={.defaultStage}'
                """, aliases: ["ls"])

        @OptionGroup var client: ClientOptions

        func run(_ session: CommandSession) async throws {
            try session.show(await session.client.send(APIRequest("GET", ["prefs"])).json())
        }
    }

    /// `muster prefs set`.
    struct Set: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Set preferences, all of them or none.",
            discussion: """
                Examples:
                  muster prefs set defaultStage=discover defaultBootEnv=sledgehammer
                  muster prefs set unknownBootEnv=discovery --reason 'new rack'
                """)

        @Argument(help: ArgumentHelp("NAME=VALUE.", valueName: "preference=value")) var preferences: [String]
        @Option(help: ArgumentHelp("Why, for the history.", valueName: "text")) var reason: String?
        @OptionGroup var client: ClientOptions

        func run(_ session: CommandSession) async throws {
            var values: JSONObject = [:]
            for text in preferences {
                guard let equals = text.firstByteIndex(of: "="), equals != text.startIndex else {
                    throw ClientError(.usage, "`\(text)` is no NAME=VALUE. For example: defaultStage=discover")
                }
                values[String(text[..<equals])] = .string(String(text[text.utf8.index(after: equals)...]))
            }
            let headers = reason.map { [(name: "X-Change-Reason", value: $0)] } ?? []
            let request = APIRequest("POST", ["prefs"], headers: headers, body: .object(values))
            let answer = try await session.client.send(request).json()
            if session.format != nil { return try session.show(answer) }
            for name in values.keys { try session.console.write("prefs/\(name) set\n") }
        }
    }
}
