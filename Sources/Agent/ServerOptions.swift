import ArgumentParser
import Basics
import Client
import Glibc
import Logging

/// Which server is asked, and as whom.
struct ServerOptions: ParsableArguments {
    @Option(
        name: [.customShort("E"), .long],
        help: ArgumentHelp("Where the server is, as https://host:8092 (RS_ENDPOINT).", valueName: "url"))
    var endpoint: String?

    @Option(
        name: [.customShort("T"), .long],
        help: ArgumentHelp(
            "The machine's token, or one that makes machines known (RS_TOKEN). The environment hides it from other users.",
            valueName: "token"))
    var token: String?

    @Option(
        name: .customLong("ca"),
        help: ArgumentHelp(
            "Trust only servers whose certificate this PEM file's authority signed (RS_CA). Without it any certificate is taken.",
            valueName: "file"),
        completion: .file())
    var authority: String?
}

extension ServerOptions {
    /// The options, with what the environment says where the command line says nothing.
    ///
    /// - Throws: `AgentError` when something is missing.
    func completed(_ variable: (String) -> String? = ServerOptions.variable) throws(AgentError) -> ServerOptions {
        var options = self
        options.endpoint = endpoint ?? variable("RS_ENDPOINT")
        options.token = token ?? variable("RS_TOKEN")
        options.authority = authority ?? variable("RS_CA")
        guard options.endpoint != nil else {
            throw AgentError(.usage, "no server is named: give --endpoint https://HOST:8092, or set RS_ENDPOINT")
        }
        guard let token = options.token, !token.isEmpty else {
            throw AgentError(
                .usage,
                "there is no token: give --token or set RS_TOKEN. GET /machines/UUID/token makes one for a machine")
        }
        return options
    }

    /// The value of an environment variable; nil for one that is empty.
    static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The server that these options name.
    ///
    /// - Throws: `AgentError` when the address makes no sense.
    func connection(_ logger: Logger) throws(AgentError) -> ServerConnection {
        do throws(ClientError) {
            let trust = authority.map { CertificateTrust.authority(path: $0) } ?? .anything
            return ServerConnection(
                try ServerAddress(endpoint ?? ""), token: token ?? "", trust: trust, logger: logger)
        } catch {
            throw AgentError(error)
        }
    }
}
