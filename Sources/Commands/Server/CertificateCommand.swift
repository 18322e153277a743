import ArgumentParser
import Basics
import Client
import JSON

/// `muster system cert`.
struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cert", abstract: "Show and replace the certificate that the server shows its clients.",
        discussion: """
            Examples:
              muster system cert get > server.pem
              muster system cert set server.pem server.key
            """,
        subcommands: [Get.self, Set.self])

    /// `muster system cert get`.
    struct Get: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "get", abstract: "Print the certificate in PEM form.",
            discussion: """
                Examples:
                  muster system cert get | openssl x509 -noout -enddate
                """)

        @OptionGroup var client: ClientOptions

        func run(_ session: CommandSession) async throws {
            let answer = try await session.client.send(APIRequest("GET", ["system", "cert"])).json()
            if session.isStructured { return try session.show(answer) }
            try session.console.write(answer["Cert"]?.stringValue ?? "")
        }
    }

    /// `muster system cert set`.
    struct Set: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Replace certificate and key; open connections keep what they began with.",
            discussion: """
                Clients that trust the present certificate by its fingerprint refuse the new one until they are told.

                Examples:
                  muster system cert set server.pem server.key
                """)

        @Argument(
            help: ArgumentHelp("The certificates in PEM form, the server's own first.", valueName: "certificates"),
            completion: .file())
        var certificates: String
        @Argument(help: ArgumentHelp("The private key in PEM form.", valueName: "key-file"), completion: .file())
        var keyFile: String
        @OptionGroup var client: ClientOptions

        func run(_ session: CommandSession) async throws {
            var body: JSONObject = [:]
            for (name, path) in [("Cert", certificates), ("Key", keyFile)] {
                guard let text = String(validating: try await InputDocument.bytes(of: path), as: UTF8.self) else {
                    throw ClientError(.usage, "\(path) is no text: certificates and keys are given in PEM form")
                }
                body[name] = .string(text)
            }
            _ = try await session.client.send(APIRequest("POST", ["system", "cert"], body: .object(body)))
            try session.console.write("the certificate is replaced\n")
        }
    }
}
