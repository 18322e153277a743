public import ArgumentParser
import Basics
import Client
import Glibc
import JSON

/// The way of a command line: parsing, running, and one place where errors become lines and exit codes.
public enum CommandLineMain {
    /// The commands that ask a server.
    public static let clientCommands: [any ParsableCommand.Type] = [
        ListCommand.self, GetCommand.self, CreateCommand.self, EditCommand.self, SetCommand.self, PatchCommand.self,
        DeleteCommand.self, CountCommand.self, ExistsCommand.self, WaitCommand.self, WatchCommand.self,
        ApplyCommand.self, DiffCommand.self, ExplainCommand.self, HistoryCommand.self, ShowCommand.self,
        UndoCommand.self, ParamsCommand.self, WhoCanCommand.self, WhyDeniedCommand.self,
        UsersCommand.self, TokenCommand.self, EventsCommand.self, LogsCommand.self, InfoCommand.self,
        SystemCommand.self, TypesCommand.self, ContextCommand.self, PacksCommand.self, BackupCommand.self,
        FilesCommand<FilesArea>.self, FilesCommand<ImagesArea>.self, BootEnvsCommand.self, PluginProvidersCommand.self,
        PoolsCommand.self, JobsCommand.self, ActionsCommand.self, RenderCommand.self, SubnetsCommand.self,
        PreferencesCommand.self, SimulateCommand.self, FleetCommand.self,
    ]

    /// The commands about backups and stores that no server has open.
    public static let storeCommands: [any ParsableCommand.Type] = [
        VerifyCommand.self, RestoreCommand.self, DrillCommand.self, StoreCommand.self,
    ]

    /// The commands about the command line itself.
    public static let ownCommands: [any ParsableCommand.Type] = [
        HelpCommand.self, CompletionCommand.self, CompleteCommand.self, ManualCommand.self,
    ]

    /// Parses the arguments, runs the command that they name, and ends the process.
    ///
    /// - Parameters:
    ///   - arguments: the arguments, without the program's name.
    ///   - packs: makes what reads and checks content packs; asked only by commands that do.
    public static func run<Root: AsyncParsableCommand>(
        _ root: Root.Type, _ arguments: [String], packs: @escaping @Sendable () -> PackTools
    ) async -> Never {
        // Who reads our output may leave; the write says so then.
        signal(SIGPIPE, SIG_IGN)
        Interruption.prepare()
        let program = CommandProgram(root: root, packs: packs)
        exit(await CommandProgram.$current.withValue(program) { await status(of: root, arguments) })
    }

    /// The exit code of the command that arguments name, after it was run.
    private static func status<Root: AsyncParsableCommand>(of root: Root.Type, _ arguments: [String]) async -> Int32 {
        do {
            try CommandPlace(root).check(arguments)
            let command = try root.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try await finish(command)
            }
            return ExitStatus.success.rawValue
        } catch let error as ClientError {
            tell(error, arguments)
            return ExitStatus(error.kind).rawValue
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            return end(root, arguments, with: error).rawValue
        }
    }

    /// Runs a command that may wait for files or people, away from the threads that tasks share.
    private static func finish(_ command: any ParsableCommand) async throws {
        // The parser made it, and nobody but the thread that runs it has it.
        nonisolated(unsafe) let command = command
        let program = CommandProgram.current
        try await BlockingPool.shared.run {
            var running = command
            try CommandProgram.$current.withValue(program) { try running.run() }
        }
    }

    /// Tells an error on standard error: in one line, or as JSON for whoever asked for JSON.
    private static func tell(_ error: ClientError, _ arguments: [String]) {
        let isJSON =
            zip(arguments, arguments.dropFirst()).contains { ["-o", "--output"].contains($0) && $1 == "json" }
            || arguments.contains { ["-ojson", "-o=json", "--output=json"].contains($0) }
        if isJSON { return Console.complain(error.json.canonicalText) }
        let request = error.status.map { $0 >= 500 } == true ? error.requestID.map { " (request \($0))" } ?? "" : ""
        Console.complain("muster: \(error)\(request)")
    }

    /// Tells what the parser has to say: help on standard output, complaints on standard error.
    private static func end<Root: ParsableCommand>(
        _ root: Root.Type, _ arguments: [String], with error: any Error
    ) -> ExitStatus {
        guard root.exitCode(for: error) != .success else {
            try? Console.show(root.fullMessage(for: error))
            return .success
        }
        guard root.exitCode(for: error) == .validationFailure else {
            Console.complain(root.fullMessage(for: error))
            return .refused
        }
        let command = (["help"] + CommandPlace(root).path(in: arguments)).joined(separator: " ")
        let reason = root.message(for: error).parts(between: "\n").joined(separator: " ")
        let end = reason.utf8.last.map { ".?!".utf8.contains($0) } ?? true ? "" : "."
        tell(ClientError(.usage, "\(reason)\(end) `muster \(command)` shows how"), arguments)
        return .usage
    }
}

/// The program that runs: its commands, and what it has that the commands lack.
///
/// Commands are made by the parser, which hands them their arguments and nothing else; so they find it here.
struct CommandProgram: Sendable {
    /// The program as the parser knows it.
    let root: any ParsableCommand.Type
    /// Makes what reads and checks content packs; asked only by commands that do.
    let packs: @Sendable () -> PackTools

    /// The program that runs; nil outside of one.
    @TaskLocal static var current: CommandProgram?
}
