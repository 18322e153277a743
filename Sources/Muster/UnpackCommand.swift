import ArgumentParser
import NetServices

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
