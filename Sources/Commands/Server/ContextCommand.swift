import ArgumentParser
import Basics
import Client
import ClientContexts
import JSON

/// `muster context`.
struct ContextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context", abstract: "Keep servers and logins under names.",
        discussion: """
            Contexts are in ~/.config/muster/config.yaml. Flags and the environment go before them.

            Examples:
              muster context set lab -E https://lab:8092 -U kate
              muster context use lab
              muster context list
            """,
        subcommands: [List.self, Use.self, Set.self, Remove.self, Trust.self])

    /// The path of the file of contexts.
    ///
    /// - Throws: `ClientError` of kind `usage` without a home.
    private static func folders() throws(ClientError) -> UserFolders {
        guard let folders = ClientOptions.folders else { throw ClientError(.usage, "HOME is not set") }
        return folders
    }

    /// `muster context list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the contexts.",
            discussion: """
                Examples:
                  muster context list
                  muster context list -o json
                """)

        @OptionGroup var form: OutputOptions

        func run() throws {
            let file = try ContextFile(path: try ContextCommand.folders().contexts)
            if form.output.isStructured {
                return try Console().finish(try form.output.text(of: Self.value(of: file)) { _ in "" })
            }
            var table = Table(["", "Name", "Endpoint", "User"])
            for (name, context) in file.contexts {
                let user = context.username ?? (context.token == nil ? "" : "(token)")
                table.add([file.current?.hasSameUTF8(as: name) == true ? "*" : "", name, context.endpoint ?? "", user])
            }
            try Console().finish(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
        }

        /// The contexts for programs, without what is secret.
        private static func value(of file: ContextFile) -> JSONValue {
            .array(
                file.contexts.map { name, context in
                    [
                        "name": .string(name), "endpoint": .string(context.endpoint ?? ""),
                        "username": .string(context.username ?? ""),
                        "current": .bool(file.current?.hasSameUTF8(as: name) == true),
                    ]
                })
        }
    }

    /// `muster context use`.
    struct Use: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "use", abstract: "Use a context from now on.",
            discussion: """
                Examples:
                  muster context use lab
                """)

        @Argument(help: ArgumentHelp("The context.", valueName: "context")) var name: String

        func run() throws {
            let path = try ContextCommand.folders().contexts
            var file = try ContextFile(path: path)
            guard file[name] != nil else {
                let known = file.contexts.map(\.name).joined(separator: ", ")
                throw ClientError(.usage, "there is no context `\(name)`. There are: \(known.isEmpty ? "none" : known)")
            }
            file.current = name
            try file.write(to: path)
        }
    }

    /// `muster context set`.
    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Make a context, or change what the flags say of one.",
            discussion: """
                Examples:
                  muster context set lab -E https://lab:8092 -U kate
                  muster context set lab --ca /etc/ssl/lab.pem
                """)

        @Argument(help: ArgumentHelp("The context.", valueName: "context")) var name: String
        @OptionGroup var client: ClientOptions

        func run() throws {
            let path = try ContextCommand.folders().contexts
            var file = try ContextFile(path: path)
            if let endpoint = client.endpoint { _ = try ServerAddress(endpoint) }
            file[name] = (file[name] ?? ClientContext()).overlaid(by: client.given)
            file.current = file.current ?? name
            try file.write(to: path)
        }
    }

    /// `muster context rm`.
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm", abstract: "Forget a context.",
            discussion: """
                Examples:
                  muster context rm lab
                """)

        @Argument(help: ArgumentHelp("The context.", valueName: "context")) var name: String

        func run() throws {
            let path = try ContextCommand.folders().contexts
            var file = try ContextFile(path: path)
            guard file[name] != nil else { throw ClientError(.notFound, "there is no context `\(name)`") }
            file[name] = nil
            if file.current?.hasSameUTF8(as: name) == true { file.current = nil }
            try file.write(to: path)
        }
    }

    /// `muster context trust`.
    struct Trust: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "trust", abstract: "Take the certificate that the server shows next, whatever was known.",
            discussion: """
                Examples:
                  muster context trust
                  muster context trust -E https://lab:8092
                """)

        @OptionGroup var client: ClientOptions

        func run() async throws {
            let known = KnownServers(path: try ContextCommand.folders().knownServers)
            let address = try await client.settings().address
            let wasKnown = try await BlockingPool.shared.run { () throws(ClientError) in try known.forget(address) }
            Console.note(
                wasKnown ? "\(address) is forgotten; its next certificate is taken" : "\(address) was not known")
        }
    }
}
