import ArgumentParser
import Basics
import Client
import JSON

/// `muster pools`.
struct PoolsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pools", abstract: "See which machines are in pools, and take, give and move them.",
        discussion: """
            A pool is there as soon as a machine is in it; `muster create pool` says more of one. The server does all that an \
            operation asks for, or nothing.

            Examples:
              muster pools status web
              muster pools add web --source-pool spare --count 3
              muster pools allocate web 'Name=Re(^big)' --wait-timeout 30m
              muster pools release web --machine-list Name:web-1
            """,
        subcommands: [
            ActivePoolsCommand.self, PoolStatusCommand.self, PoolOrderCommand<AddToPool>.self,
            PoolOrderCommand<RemoveFromPool>.self, PoolOrderCommand<AllocateFromPool>.self,
            PoolOrderCommand<ReleaseToPool>.self,
        ])
}

/// `muster pools active`.
struct ActivePoolsCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "active", abstract: "List the pools that have machines.",
        discussion: """
            Examples:
              muster pools active
            """)

    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let names = try await session.client.send(APIRequest("GET", ["pools-active"])).json()
        switch session.form {
        case .table, .wide:
            for name in names.arrayValue ?? [] { try session.console.write("\(FieldList.cell(name))\n") }
        case .name: for name in names.arrayValue ?? [] { try session.console.write("pools/\(FieldList.cell(name))\n") }
        default: try session.show(names)
        }
    }
}

/// `muster pools status`.
struct PoolStatusCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "List the machines of a pool by their status.",
        discussion: """
            Examples:
              muster pools status web
              muster pools status web -o 'jsonpath={.Free[*].Name}'
            """)

    @Argument(help: ArgumentHelp("The pool.", valueName: "pool")) var pool: String
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let status = try await session.client.send(APIRequest("GET", ["pools", pool, "status"])).json()
        let machines = (status.objectValue ?? [:]).members.flatMap { $0.value.arrayValue ?? [] }
        try session.showMembers(.array(machines), whole: status)
    }
}

extension CommandSession {
    /// Shows machines of pools.
    ///
    /// - Parameters:
    ///   - machines: a list of them.
    ///   - whole: what those see who want JSON.
    func showMembers(_ machines: JSONValue, whole: JSONValue) throws(ClientError) {
        switch form {
        case .table, .wide:
            var table = Table(["Name", "Status", "Allocated", "Uuid"])
            for machine in machines.arrayValue ?? [] {
                table.add(["Name", "Status", "Allocated", "Uuid"].map { machine[$0].map(FieldList.cell) ?? "" })
            }
            guard !table.isEmpty else { return Console.note("no machine is there") }
            try console.write(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
        case .name:
            for machine in machines.arrayValue ?? [] {
                try console.write("machines/\(machine["Uuid"].map(FieldList.cell) ?? "")\n")
            }
        default: try show(whole)
        }
    }
}
