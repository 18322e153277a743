import ArgumentParser
import Basics
import Client
import JSON

/// `muster get`.
struct GetCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show one object.",
        discussion: """
            A key is the object's own or INDEX:VALUE of a unique index.

            Examples:
              muster get machine Name:web-1
              muster get profile global -o yaml
              muster get machine Name:web-1 -o 'jsonpath={.Address}'
            """)

    @Argument(help: "The type.") var type: String
    @Argument(help: "The key, or INDEX:VALUE.") var key: String
    @Flag(help: "Open sealed values.") var decode = false
    @Flag(help: "Show the params with those that are inherited.") var aggregate = false
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        var query: [(name: String, value: String)] = []
        if decode { query.append(("decode", "true")) }
        if aggregate { query.append(("aggregate", "true")) }
        let object = try await session.client.send(APIRequest("GET", [type.name, key], query: query)).json()
        try session.show(object) { type.path(of: $0) }
    }
}

/// `muster count`.
struct CountCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "count", abstract: "Count the objects of a type.",
        discussion: """
            Examples:
              muster count machines
              muster count machines Runnable=false
            """)

    @Argument(help: "The type.") var type: String
    @Argument(help: ArgumentHelp("Conditions that all must hold.", valueName: "filter")) var filters: [String] = []
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        let query = try ListCommand.arguments(filters, of: type)
        let count = try await session.client.count(of: type.name, query)
        try session.console.write("\(count)\n")
    }
}

/// `muster exists`.
struct ExistsCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "exists", abstract: "Say by the exit code whether an object is there.",
        discussion: """
            The exit code is 0 if it is, and 3 if it is not; nothing is printed.

            Examples:
              muster exists machine Name:web-1 && echo there
            """)

    @Argument(help: "The type.") var type: String
    @Argument(help: "The key, or INDEX:VALUE.") var key: String
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        do throws(ClientError) {
            _ = try await session.client.send(APIRequest("HEAD", [type.name, key]))
        } catch {
            guard error.kind == .notFound else { throw error }
            throw ExitCode(ExitStatus.notFound.rawValue)
        }
    }
}

/// `muster types`.
struct TypesCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "types", abstract: "List the types that the server has.",
        discussion: """
            Examples:
              muster types
              muster types machines
            """)

    @Argument(help: "A type, to see its fields and indexes.") var type: String?
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let answer = try await session.client.send(APIRequest("GET", ["system", "types"]))
        let types = try TypeDescriptions(try answer.json())
        if let name = type {
            let type = try types.type(name)
            if session.isStructured {
                let value =
                    try answer.json().arrayValue?.first { $0["name"]?.stringValue?.hasSameUTF8(as: type.name) == true }
                    ?? .null
                return try session.show(value)
            }
            var table = Table(["Field", "Kind", "Set by"])
            for field in type.fields { table.add([field.name, field.kind, field.isServerSet ? "server" : "anyone"]) }
            return try session.console.write(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
        }
        if session.isStructured { return try session.show(try answer.json()) }
        guard session.form.isTable else {
            return try session.console.write(types.all.map { $0.name + "\n" }.joined())
        }
        var table = Table(["Type", "Key", "Also", "Verbs"])
        for type in types.all {
            table.add([
                type.name, type.keyField, type.aliases.joined(separator: ","), type.verbs.joined(separator: ","),
            ])
        }
        try session.console.write(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
    }
}
