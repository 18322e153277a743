public import ArgumentParser
import Basics
import Client
import ClientContexts
import Glibc
import JSON

/// The flags that every command has which asks a server.
public struct ClientOptions: ParsableArguments {
    @Option(
        name: [.customShort("E"), .long],
        help: ArgumentHelp("Where the server is, as https://host:8092 (RS_ENDPOINT).", valueName: "url"))
    var endpoint: String?

    @Option(name: [.customShort("U"), .long], help: ArgumentHelp("The user (RS_USERNAME).", valueName: "user"))
    var username: String?

    @Option(
        name: [.customShort("P"), .long],
        help: ArgumentHelp("The user's password (RS_PASSWORD; RS_KEY has both as name:password).", valueName: "text"))
    var password: String?

    @Option(
        name: [.customShort("T"), .long],
        help: ArgumentHelp("A token instead of a user and a password (RS_TOKEN).", valueName: "token"))
    var token: String?

    @Option(help: ArgumentHelp("The context to use instead of the current one.", valueName: "context"))
    var context: String?

    @Option(
        name: .customLong("ca"),
        help: ArgumentHelp("Trust servers whose certificate this PEM file's authority signed.", valueName: "file"),
        completion: .file())
    var authority: String?

    @Flag(help: "Trust any certificate. Your password goes to whoever answers.")
    var insecure = false

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "What to print: table, wide, json, yaml, name, jsonpath=TEMPLATE or template=TEMPLATE.", valueName: "form"),
        completion: .list(OutputFormat.names), transform: OutputFormat.init(argument:))
    var output: OutputFormat?

    /// No flags given.
    public init() {}

    /// The flags about the server that are among options as they were typed.
    ///
    /// - Throws: `ClientError` of kind `usage` when they make no sense.
    init(typed options: [(names: [String], value: String?)]) throws(ClientError) {
        let known = ["--endpoint", "--username", "--password", "--token", "--context", "--ca", "--insecure"]
        let words = options.flatMap { option -> [String] in
            guard let name = option.names.first(where: { known.contains(bytesOf: $0) }) else { return [] }
            return [name] + (option.value.map { [$0] } ?? [])
        }
        do {
            self = try Self.parse(words)
        } catch {
            throw ClientError(.usage, Self.message(for: error))
        }
    }

    /// What the flags say about the server and the user.
    var given: ClientContext {
        var context = ClientContext()
        context.endpoint = endpoint
        context.username = username
        context.password = password
        context.token = token
        context.authority = authority
        context.isInsecure = insecure
        return context
    }

    /// The folders of the user; nil if the environment names no home.
    static var folders: UserFolders? { UserFolders(environment: environment) }

    /// The environment of the process.
    static var environment: [Identifier: String] {
        var result: [Identifier: String] = [:]
        var place = environ
        while let entry = place.pointee {
            let text = String(cString: entry)
            if let end = text.firstByteIndex(of: "=") {
                result[Identifier(text[..<end])] = String(text[text.utf8.index(after: end)...])
            }
            place += 1
        }
        return result
    }

    /// The settings that flags, environment and context come to, in this order.
    ///
    /// - Throws: `ClientError` of kind `usage`.
    func settings() async throws(ClientError) -> ClientSettings {
        let (given, context) = (given, context)
        return try await BlockingPool.shared.run { () throws(ClientError) in try Self.settings(given, context) }
    }

    /// The settings that flags come to with the context that they or the environment name.
    @available(*, noasync)
    private static func settings(_ given: ClientContext, _ context: String?) throws(ClientError) -> ClientSettings {
        let (environment, folders) = (Self.environment, Self.folders)
        var base = ClientContext()
        let file = try folders.map { folders throws(ClientError) in try ContextFile(path: folders.contexts) }
        let name = context ?? environment["MUSTER_CONTEXT"].flatMap { $0.isEmpty ? nil : $0 }
        if let name = name ?? file?.current {
            guard let found = file?[name] else {
                throw ClientError(
                    .usage, "there is no context `\(name)`. `muster context list` shows those there are")
            }
            base = found
        }
        let whole = base.overlaid(by: ClientContext(environment: environment)).overlaid(by: given)
        return try ClientSettings(whole, folders: folders)
    }
}
