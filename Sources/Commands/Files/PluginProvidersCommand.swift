import ArgumentParser
import Client
import JSON

/// `muster plugin-providers`.
struct PluginProvidersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin-providers", abstract: "Upload and download the programs of plug-ins.",
        discussion: """
            `muster list plugin_providers` lists them, `muster delete plugin_provider NAME` removes one with its plug-ins.

            Examples:
              muster plugin-providers upload ./ipmi
              muster plugin-providers download ipmi
            """,
        subcommands: [Upload.self, Download.self], aliases: ["plugin_providers"])

    /// `muster plugin-providers upload`.
    struct Upload: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "upload", abstract: "Upload a program, in the place of the one of its name.",
            discussion: """
                Its plug-ins may do everything on the server, so who uploads it must have all rights.

                Examples:
                  muster plugin-providers upload ./ipmi
                  muster plugin-providers upload build/linux/ipmi-v4 ipmi
                """)

        @Argument(help: "The program here.", completion: .file()) var source: String
        @Argument(help: ArgumentHelp("The provider's name, if the program is not called so.", valueName: "provider"))
        var name: String?
        @OptionGroup var client: ClientOptions

        /// It tells how far it is itself.
        var tellsWaiting: Bool { false }

        func run(_ session: CommandSession) async throws {
            let name = name ?? LocalFile.name(of: source)
            let answer = try await session.upload(source, by: APIRequest("POST", ["plugin_providers", name]))
            if session.isStructured { return try session.show(answer) }
            let size = ProgressLine.size(Int(answer["size"]?.intValue ?? 0))
            try session.console.write("plugin_providers/\(name) uploaded, \(size)\n")
        }
    }

    /// `muster plugin-providers download`.
    struct Download: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "download", abstract: "Download the program of a provider.",
            discussion: """
                Examples:
                  muster plugin-providers download ipmi
                  muster plugin-providers download ipmi /tmp/ipmi
                """)

        @Argument(help: ArgumentHelp("The provider's name.", valueName: "provider")) var name: String
        @Argument(
            help: ArgumentHelp("The file or folder here, if not called as the provider.", valueName: "file"),
            completion: .file())
        var file: String?
        @OptionGroup var client: ClientOptions

        /// It tells how far it is itself.
        var tellsWaiting: Bool { false }

        func run(_ session: CommandSession) async throws {
            let request = APIRequest("GET", ["plugin_providers", name, "binary"])
            try await session.download(request, called: name, to: file ?? name)
        }
    }
}
