import ArgumentParser
import Client
import JSON

/// A command that asks a server. What it throws, `CommandLineMain` tells and makes an exit code of.
protocol ClientCommand: AsyncParsableCommand {
    /// The flags about the server and the output.
    var client: ClientOptions { get }
    /// Whether people who wait are told for how long; not where waiting is what the command is for.
    var tellsWaiting: Bool { get }

    /// What the command's client does in another way than most.
    func adjust(_ settings: inout ClientSettings)

    /// Does the command's work.
    ///
    /// - Throws: `ClientError`, and `ExitCode` for an outcome that is no error.
    func run(_ session: CommandSession) async throws
}

extension ClientCommand {
    /// Most commands are to be over soon.
    var tellsWaiting: Bool { true }

    /// Nothing.
    func adjust(_ settings: inout ClientSettings) {}

    /// Connects, works, and ends the connections.
    public func run() async throws {
        var settings = try await client.settings()
        adjust(&settings)
        let connection = MusterClient(settings) { address, fingerprint in
            Console.note("\(address) is new here; its certificate \(fingerprint.prefix(16))… is trusted from now on")
        }
        let session = CommandSession(client: connection, format: client.output, console: Console())
        do {
            try await WaitingNote.during(tellsWaiting) { try await run(session) }
        } catch {
            await connection.close()
            throw error
        }
        try session.console.flush()
        await connection.close()
    }
}

/// What a command works with: the server, the form of the output, and where it goes.
struct CommandSession: Sendable {
    /// The server.
    let client: MusterClient
    /// The form that was asked for; nil for the command's usual one.
    let format: OutputFormat?
    /// Where output goes.
    let console: Console

    /// The form to print in.
    var form: OutputFormat { format ?? .table }

    /// Whether the answer itself was asked for, as JSON, YAML or what a template makes of it.
    var isStructured: Bool { format?.isStructured ?? false }

    /// Prints one value.
    ///
    /// - Parameter columns: of a table, what it has; nil chooses by the value.
    func show(_ value: JSONValue, named name: (JSONValue) -> String = { $0.canonicalText }) throws(ClientError) {
        try console.write(try form.text(of: value, named: name))
    }
}
