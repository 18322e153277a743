import ArgumentParser
import Basics
import Client
import JSON

/// `muster params`.
struct ParamsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "params", abstract: "Read and write the params of an object.",
        discussion: """
            Examples:
              muster params get machine/Name:web-1 --aggregate
              muster params set machine/Name:web-1 install/disk=/dev/sda
              muster params rm profile/global install/disk
            """,
        subcommands: [Get.self, Set.self, Remove.self])

    /// `muster params get`.
    struct Get: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "get", abstract: "Show all params, or one.",
            discussion: """
                Examples:
                  muster params get machine/Name:web-1
                  muster params get machine/Name:web-1 install/disk --aggregate
                """)

        @Argument(help: ArgumentHelp("TYPE/KEY.", valueName: "object")) var object: String
        @Argument(help: ArgumentHelp("The param.", valueName: "param")) var name: String?
        @Flag(help: "With those that are inherited.") var aggregate = false
        @Flag(help: "Open sealed values.") var decode = false
        @OptionGroup var client: ClientOptions

        func run(_ session: CommandSession) async throws {
            var query: [(name: String, value: String)] = []
            if aggregate { query.append(("aggregate", "true")) }
            if decode { query.append(("decode", "true")) }
            let path = try await session.path(of: object) + ["params"] + (name.map { [$0] } ?? [])
            let value = try await session.client.send(APIRequest("GET", path, query: query)).json()
            try session.show(value)
        }
    }

    /// `muster params set`.
    struct Set: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Set params; values are JSON, or else text.",
            discussion: """
                Examples:
                  muster params set machine/Name:web-1 install/disk=/dev/sda
                  muster params set profile/global 'ntp/servers=["10.0.0.1", "10.0.0.2"]' --reason 'new clocks'
                """)

        @Argument(help: ArgumentHelp("TYPE/KEY.", valueName: "object")) var object: String
        @Argument(help: ArgumentHelp("NAME=VALUE.", valueName: "param=value")) var params: [String]
        @OptionGroup var writing: WriteOptions
        @OptionGroup var client: ClientOptions

        func run(_ session: CommandSession) async throws {
            let patch = try params.map { text throws(ClientError) -> JSONValue in
                let (name, value) = try FieldAssignment.named(text)
                let path = "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
                return ["op": "add", "path": .string(path), "value": value]
            }
            let path = try await session.path(of: object) + ["params"]
            let request = APIRequest(
                "PATCH", path, query: writing.query, headers: writing.headers, body: .array(patch))
            let answer = try await session.client.send(request).json()
            if writing.isDryRun || session.format != nil { return try session.show(answer) }
            try session.console.write("\(object): \(params.count == 1 ? "one param" : "\(params.count) params") set\n")
        }
    }

    /// `muster params rm`.
    struct Remove: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm", abstract: "Remove a param.",
            discussion: """
                Examples:
                  muster params rm machine/Name:web-1 install/disk
                """)

        @Argument(help: ArgumentHelp("TYPE/KEY.", valueName: "object")) var object: String
        @Argument(help: ArgumentHelp("The param.", valueName: "param")) var name: String
        @OptionGroup var writing: WriteOptions
        @OptionGroup var client: ClientOptions

        func run(_ session: CommandSession) async throws {
            let path = try await session.path(of: object) + ["params", name]
            let request = APIRequest("DELETE", path, query: writing.query, headers: writing.headers)
            let answer = try await session.client.send(request).json()
            if writing.isDryRun || session.format != nil { return try session.show(answer) }
            try session.console.write("\(object): \(name) removed; it was \(answer.canonicalText)\n")
        }
    }
}

extension CommandSession {
    /// The parts of the path that `TYPE/KEY` means.
    func path(of object: String) async throws(ClientError) -> [String] {
        guard let slash = object.firstByteIndex(of: "/"), slash != object.startIndex else {
            throw ClientError(.usage, "`\(object)` is no TYPE/KEY, as machine/Name:web-1")
        }
        let type = try await client.types().type(String(object[..<slash]))
        return [type.name, String(object[object.utf8.index(after: slash)...])]
    }
}
