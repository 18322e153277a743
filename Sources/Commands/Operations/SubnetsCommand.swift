import ArgumentParser
import Client
import JSON

/// `muster subnets`.
struct SubnetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subnets", abstract: "Take and give back addresses of subnets.",
        discussion: """
            `muster list subnets` and `muster list reservations` list what there is.

            Examples:
              muster subnets allocate lab --machine Name:web-1
              muster subnets release lab 10.0.0.17
            """,
        subcommands: [Allocate.self, Release.self])

    /// `muster subnets allocate`.
    struct Allocate: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "allocate",
            abstract: "Reserve an address for a machine or a token: a free one, or the one named.",
            discussion: """
                Examples:
                  muster subnets allocate lab --machine Name:web-1
                  muster subnets allocate lab --machine Name:web-1 --param bmc/address
                  muster subnets allocate lab --for-token 52:54:00:12:34:56 --address 10.0.0.17
                """)

        @Argument(help: ArgumentHelp("The subnet.", valueName: "subnet")) var subnet: String
        @Option(help: ArgumentHelp("The machine, or INDEX:VALUE.", valueName: "machine")) var machine: String?
        @Option(
            help: ArgumentHelp("Who gets it, as a hardware address, if not the machine's first.", valueName: "text"))
        var forToken: String?
        @Option(help: ArgumentHelp("The address, if it is to be a certain one.", valueName: "address"))
        var address: String?
        @Option(help: ArgumentHelp("The machine's param that is set to it.", valueName: "param")) var param: String?
        @Option(help: ArgumentHelp("Why, for the history.", valueName: "text")) var reason: String?
        @OptionGroup var client: ClientOptions

        func validate() throws {
            if machine == nil, forToken == nil { throw ValidationError("Say --machine or --for-token") }
            if machine == nil, param != nil { throw ValidationError("--param is one of a machine: say --machine, too") }
        }

        func run(_ session: CommandSession) async throws {
            var body: JSONObject = [:]
            for (name, value) in [("Machine", machine), ("Token", forToken), ("Addr", address), ("Parameter", param)] {
                if let value { body[name] = .string(value) }
            }
            let headers = reason.map { [(name: "X-Change-Reason", value: $0)] } ?? []
            let request = APIRequest(
                "POST", ["subnets", subnet, "allocate"], headers: headers, body: .object(body))
            let reservation = try await session.client.send(request).json()
            guard session.format == nil else {
                return try session.show(reservation) { "reservations/\($0["Addr"].map(FieldList.cell) ?? "")" }
            }
            try session.console.write((reservation["Addr"]?.stringValue ?? "") + "\n")
        }
    }

    /// `muster subnets release`.
    struct Release: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "release", abstract: "Give an address back: its reservation is removed.",
            discussion: """
                Examples:
                  muster subnets release lab 10.0.0.17
                """)

        @Argument(help: ArgumentHelp("The subnet.", valueName: "subnet")) var subnet: String
        @Argument(help: "The address.") var address: String
        @OptionGroup var client: ClientOptions

        func run(_ session: CommandSession) async throws {
            _ = try await session.client.send(APIRequest("DELETE", ["subnets", subnet, "release", address]))
            try session.console.write("subnets/\(subnet): \(address) is free\n")
        }
    }
}
