import HTTPServing
import HTTPTypes
import Hummingbird
import Logging
import ProvisionAPI
import ServiceLifecycle

/// Serves counts to Prometheus, in plain HTTP and to all, as C §13 has it: they name nobody.
struct MetricsServer: Service {
    let metrics: ServerMetrics
    let port: ServedPort
    let logger: Logger

    /// Serves until the surrounding service group shuts down; does without if the port is taken.
    func run() async throws {
        let router = Router()
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text)))
        }
        let application = Application(
            router: router, server: port.server, configuration: port.configuration, logger: logger)
        do {
            try await application.run()
        } catch {
            logger.warning("metrics are not served", metadata: ["port": "\(port.number)", "cause": "\(error)"])
            try await gracefulShutdown()
        }
    }
}
