import ArgumentParser
import Basics
import Commands
import NetServices

/// The command line: `muster serve`, `muster check`, the commands that ask a server, and under the name `dr-provision` the
/// same without the word.
@main
struct Muster: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster",
        abstract: "An open data tracker for fleets that speaks dr-provision's API.",
        discussion: """
            `muster help COMMAND` shows how to use a command, `muster help topics` what several have in common.

            Examples:
              muster serve --base-root ~/.muster --greet
              muster list machines 'Name=Re(^web)' --sort Address
              muster apply -f rack4/ --dry-run
            """,
        version: Version.text,
        subcommands: [ServeCommand.self, CheckCommand.self, UnpackCommand.self] + CommandLineMain.clientCommands
            + CommandLineMain.storeCommands + CommandLineMain.ownCommands)

    static func main() async {
        let name = CommandLine.arguments.first?.split(separator: "/").last ?? ""
        if name == "dr-provision" {
            await CommandLineMain.run(ServeCommand.self, Array(CommandLine.arguments.dropFirst()), packs: packs)
        } else {
            await CommandLineMain.run(Muster.self, Array(CommandLine.arguments.dropFirst()), packs: packs)
        }
    }

    /// What reads and checks content packs where no server does.
    @Sendable private static func packs() -> PackTools { PackExaminer().tools }
}

/// What the server calls itself. Clients and packs compare it with versions of dr-provision, so the wire's version counts.
enum Version {
    /// The API level that packs' prerequisites are compared with (C §5.5).
    static let text = ProductVersion.text
}

/// `muster unpack-archive`: what the server runs to have an archive unpacked where it can do no harm.
struct UnpackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ArchiveUnpacker.command, abstract: "Unpack an archive within limits.", shouldDisplay: false)

    @Argument(help: "The archive.") var archive: String
    @Argument(help: "The directory, which exists.") var directory: String

    func run() throws {
        guard let reason = ArchiveUnpacker.unpackHere(archive, to: directory) else { return }
        FileHandleOutput.standardError("\(reason)\n")
        throw ExitCode.failure
    }
}
