import ArgumentParser
import Basics
import Client
import Glibc
import Logging

/// `muster-agent`: runs the tasks of the machine that it runs on.
@main
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster-agent",
        abstract: "Run the tasks of this machine.",
        discussion: """
            Asks the server for the machine's next job, runs it, sends what it says to the job's log, and waits for more. \
            It goes on where it was when the server was away, and when it was itself killed.

            The exit code is 0 when there is nothing more to do, when the machine is started anew or switched off, and after \
            SIGTERM; 1 when the server refuses or, with --oneshot, a task failed; 2 when the command line makes no sense; 5 \
            when the server's certificate is not trusted; 6 when another agent works in the same folder.

            Examples:
              RS_TOKEN=… muster-agent --endpoint https://10.0.0.1:8092
              RS_TOKEN=… muster-agent --endpoint https://10.0.0.1:8092 --oneshot

            Scripts of tasks can ask the server as well: `muster-agent request --help`.
            """,
        version: ProductVersion.text)

    @OptionGroup var options: AgentOptions

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first?.hasSameUTF8(as: RequestCommand.word) == true {
            await run(RequestCommand.self, Array(arguments.dropFirst()))
        } else {
            await run(AgentCommand.self, arguments)
        }
    }

    /// Runs a command and ends the process.
    private static func run<Command: AsyncParsableCommand>(_ type: Command.Type, _ arguments: [String]) async -> Never {
        do {
            var command = try type.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            exit(withError: nil)
        } catch {
            guard type.exitCode(for: error) == .validationFailure else { type.exit(withError: error) }
            complain("\(type.message(for: error)). `\(type._commandName) --help` shows how")
            exit(withError: ExitCode(AgentError.Kind.usage.rawValue))
        }
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let work = Task { await Self.status { try await runAgent() } }
        Signals.onEnd { work.cancel() }
        throw ExitCode(await work.value)
    }

    /// The exit code of some work; why it failed is told on standard error.
    static func status(of work: () async throws -> Void) async -> Int32 {
        do {
            try await work()
            return 0
        } catch {
            // What is cancelled fails in many ways.
            if error is CancellationError || Task.isCancelled { return 0 }
            let described = described(error)
            complain(described.description)
            return described.kind.rawValue
        }
    }

    private static func described(_ error: any Error) -> AgentError {
        if let error = error as? AgentError { return error }
        if let error = error as? ClientError { return AgentError(error) }
        return AgentError(.failed, "\(error)")
    }

    private static func complain(_ text: String) {
        let line = Array("muster-agent: \(text)\n".utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// What writes to standard error from a level on.
    static func logger(_ level: Logger.Level) -> Logger {
        Logger(label: "muster-agent") { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
    }

    private func runAgent() async throws {
        let options = try options.completed()
        let logger = Self.logger(options.logLevel.level)
        let server = try options.server.connection(logger)
        let folder = try await BlockingPool.shared.run { () throws(AgentError) in
            try RunnerFolder(options.runnerDir ?? AgentOptions.usualRunnerFolder)
        }
        let outcome = await Self.outcome {
            let machine = try await MachineSearch(server: server, options: options, logger: logger).connection()
            // What scripts read; all else that the agent says is its log, on standard error.
            if options.identify { print(machine.uuid, machine.server.token) }
            let outcome = await Self.outcome {
                guard !options.identify else { return }
                try await Agent(options, machine, folder, logger: logger).run()
            }
            await machine.server.close()
            try outcome.get()
        }
        await server.close()
        try outcome.get()
    }

    /// What some work came to, for whoever has something to do after it in any case.
    static func outcome(of work: () async throws -> Void) async -> Result<Void, any Error> {
        do {
            return .success(try await work())
        } catch {
            return .failure(error)
        }
    }
}
