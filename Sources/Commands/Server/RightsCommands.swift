import ArgumentParser
import Basics
import Client
import Glibc
import JSON

/// `muster whocan`.
struct WhoCanCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "whocan", abstract: "List the users who may do something.",
        discussion: """
            Examples:
              muster whocan machines update:/Runnable Name:web-1
              muster whocan users create
            """)

    @Argument(help: "What the right is about, as machines.") var scope: String
    @Argument(help: "What may be done, as get or update:/Name.") var action: String
    @Argument(help: "With which object.") var specific: String?
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        var query = [(name: "scope", value: scope), ("action", action)]
        if let specific { query.append(("specific", specific)) }
        let answer = try await session.client.send(APIRequest("GET", ["system", "whocan"], query: query)).json()
        guard session.form.isTable else { return try session.show(answer) }
        var table = Table(["User", "Role", "Claim", "Tenant"])
        for (rows, isKeptOut) in [("users", false), ("keptOut", true)] {
            for row in answer[rows]?.arrayValue ?? [] {
                let tenant = row["tenant"].map(FieldList.cell) ?? ""
                table.add([
                    row["user"]?.stringValue ?? "", row["role"].map(FieldList.cell) ?? "",
                    row["claim"].map(FieldList.cell) ?? "", isKeptOut ? "kept out by \(tenant)" : tenant,
                ])
            }
        }
        try session.console.write(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
    }
}

/// `muster whydenied`.
struct WhyDeniedCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "whydenied", abstract: "Say what decides about a request of a user.",
        discussion: """
            The exit code is 1 if the user may not.

            Examples:
              muster whydenied kate DELETE /machines/Name:web-1
            """)

    @Argument(help: "The user.") var user: String
    @Argument(help: "The method, as GET.") var method: String
    @Argument(help: "The path below /api/v3.") var path: String
    @OptionGroup var client: ClientOptions

    func run(_ session: CommandSession) async throws {
        let query = [(name: "user", value: user), ("method", method), ("path", path)]
        let answer = try await session.client.send(APIRequest("GET", ["system", "whydenied"], query: query)).json()
        try session.show(answer)
        try session.console.flush()
        if answer["allowed"]?.boolValue == false { throw ExitCode(ExitStatus.refused.rawValue) }
    }
}

/// `muster users`.
struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "What users have beside other objects.",
        discussion: """
            Examples:
              muster users passwd kate
            """,
        subcommands: [Password.self])

    /// `muster users passwd`.
    struct Password: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "passwd", abstract: "Set a user's password.",
            discussion: """
                The password is asked for, or read as a line from standard input.

                Examples:
                  muster users passwd kate
                  pwgen 20 1 | muster users passwd kate
                """)

        @Argument(help: "The user.") var user: String
        @OptionGroup var client: ClientOptions

        var tellsWaiting: Bool { false }

        func run(_ session: CommandSession) async throws {
            let password = try await BlockingPool.shared.run { [user] () throws(ClientError) in try Self.read(of: user)
            }
            _ = try await session.client.send(
                APIRequest("PUT", ["users", user, "password"], body: ["Password": .string(password)]))
            try session.console.write("users/\(user): the password is set\n")
        }

        @available(*, noasync)
        private static func read(of user: String) throws(ClientError) -> String {
            guard Terminal.isInput else {
                guard let line = readLine(strippingNewline: true), !line.isEmpty else {
                    throw ClientError(.usage, "there is no password on standard input")
                }
                return line
            }
            guard let first = getpass("New password of \(user): ").map({ String(cString: $0) }), !first.isEmpty else {
                throw ClientError(.usage, "an empty password is not taken")
            }
            guard let second = getpass("Again: ").map({ String(cString: $0) }), second == first else {
                throw ClientError(.usage, "the two passwords differ; nothing is changed")
            }
            return first
        }
    }
}

/// `muster token`.
struct TokenCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Print a token for other programs.",
        discussion: """
            Examples:
              curl -H "Authorization: Bearer $(muster token)" …
              muster token --ttl 1h --scope machines --action get
              muster token --machine Name:web-1
            """)

    @Option(help: ArgumentHelp("How long it is valid, as 600 or 2h.", valueName: "duration")) var ttl = "2h"
    @Option(help: "What it is limited to, as machines.") var scope: String?
    @Option(help: "What may be done with it, as get.") var action: String?
    @Option(help: "With which object.") var specific: String?
    @Option(help: ArgumentHelp("A token of this machine, as its agent has it, not the user's.", valueName: "machine"))
    var machine: String?
    @OptionGroup var client: ClientOptions

    func validate() throws {
        if machine != nil, [scope, action, specific].contains(where: { $0 != nil }) {
            throw ValidationError(
                "A machine's token allows what machines may do: --scope and the like do not go with it")
        }
    }

    func run(_ session: CommandSession) async throws {
        if let machine {
            let request = APIRequest("GET", ["machines", machine, "token"], query: [("ttl", ttl)])
            let answer = try await session.client.send(request).json()
            return try session.console.write((answer["Token"]?.stringValue ?? "") + "\n")
        }
        guard let user = session.client.settings.credentials?.user else {
            guard let token = try await session.client.token() else { return }
            return try session.console.write(token + "\n")
        }
        var query = [(name: "ttl", value: ttl)]
        if let scope { query.append(("scope", scope)) }
        if let action { query.append(("action", action)) }
        if let specific { query.append(("specific", specific)) }
        let answer = try await session.client.send(APIRequest("GET", ["users", user, "token"], query: query)).json()
        try session.console.write((answer["Token"]?.stringValue ?? "") + "\n")
    }
}
