import ArgumentParser
import Logging

/// `muster serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the API until told to stop.",
        discussion: """
            Every flag can also be given in the environment (RS_BASE_ROOT, RS_API_PORT, …) or in a YAML file (--config); \
            flags go first, then the environment, then the file.

            Examples:
              muster serve --base-root ~/.muster --default-content Config/content --greet
              muster serve --config /etc/muster/muster.yaml
              RS_INITIAL_PASSWORD=secret muster serve --host 127.0.0.1 --api-port 9092
            """)

    @OptionGroup var options: ServeOptions

    @Flag(help: "Say on standard output how to reach the server once it runs.")
    var greet = false

    func run() async throws {
        let settings = try Settings(options)
        let application = ServerApplication(settings, isGreeting: greet)
        do {
            try await application.run()
        } catch let error as StartError {
            throw ExitMessage(error)
        }
    }
}

/// Why the server did not start, and what to do about it; printed without a usage text.
struct StartError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Prints a start error on standard error and ends with code 1.
private func ExitMessage(_ error: StartError) -> any Error {
    FileHandleOutput.standardError("muster: \(error)\n")
    return ExitCode.failure
}
