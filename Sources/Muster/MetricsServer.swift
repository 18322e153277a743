import HTTPServing
import HTTPTypes
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
        let route = Route<OpenSession>(.get, "/metrics", .nothing, immediate: { [metrics] _ in
            .answer(
                Answer(
                    status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                    body: .array(Array(metrics.text.utf8))))
        })
        do {
            try await port.server([route], logger).run()
        } catch {
            logger.warning("metrics are not served", metadata: ["port": "\(port.number)", "cause": "\(error)"])
            try await gracefulShutdown()
        }
    }
}
