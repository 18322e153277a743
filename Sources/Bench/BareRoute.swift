import ArgumentParser
import FoundationEssentials
import Hummingbird
import HummingbirdTLS
import Logging
import NIOSSL

/// Hummingbird with one route that returns the same bytes every time.
struct BareRoute: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bare-route", abstract: "Serve a file's bytes at / until ended.")

    @Option(help: "The port.") var port: Int
    @Option(help: "The file.") var body: String
    @Option(help: "The certificate, in PEM.") var certificate: String
    @Option(help: "Its key, in PEM.") var key: String

    func run() async throws {
        let router = Router()
        let bytes = try Self.bytes(of: body)
        router.get("/") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: bytes))
        }
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        var logger = Logger(label: "bare")
        logger.logLevel = .error
        let application = Application(
            router: router, server: try .tls(.http1(), tlsConfiguration: tls),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)), logger: logger)
        try await application.run()
    }

    private static func bytes(of path: String) throws -> ByteBuffer {
        ByteBuffer(bytes: try Data(contentsOf: URL(filePath: path)))
    }
}
