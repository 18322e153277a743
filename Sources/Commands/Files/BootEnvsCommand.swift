import ArgumentParser
import Basics
import Client
import JSON

/// `muster bootenvs`.
struct BootEnvsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootenvs", abstract: "Look after what was unpacked of bootenvs' images.",
        discussion: """
            `muster list bootenvs` lists them, `muster isos upload` brings an image.

            Examples:
              muster bootenvs purge debian-12-install
            """,
        subcommands: [Purge.self])

    /// `muster bootenvs purge`.
    struct Purge: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "purge", abstract: "Take away what was unpacked of a bootenv's images, or unpack it anew.",
            discussion: """
                The images themselves stay; `muster isos rm` removes them.

                Examples:
                  muster bootenvs purge debian-12-install
                  muster bootenvs purge debian-12-install --architectures arm64
                  muster bootenvs purge debian-12-install --reexplode
                """, aliases: ["purgelocal"])

        @Argument(help: ArgumentHelp("The bootenv.", valueName: "bootenv")) var bootEnv: String
        @Option(help: ArgumentHelp("Only of these, with commas.", valueName: "names")) var architectures: String?
        @Flag(help: "Unpack the images again.") var reexplode = false
        @OptionGroup var client: ClientOptions

        func run(_ session: CommandSession) async throws {
            let names = (architectures ?? "").parts(between: ",").filter { !$0.isEmpty }
            let request = APIRequest(
                "DELETE", ["bootenvs", bootEnv, "purgeLocal"], query: reexplode ? [("reexplodeIsos", "true")] : [],
                body: .array(names.map { .string(String($0)) }))
            _ = try await session.client.send(request)
            let done = reexplode ? "is being unpacked again" : "has nothing unpacked any more"
            try session.console.write("bootenvs/\(bootEnv) \(done)\n")
        }
    }
}
