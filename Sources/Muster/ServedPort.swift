import HTTPServing
import HTTPTypes
import Logging
import ProvisionAPI
import ServiceLifecycle

/// A port beside the API's, open to all: where it listens, and within which limits.
struct ServedPort {
    /// What the log calls it.
    let name: String
    let host: String
    let number: Int
    let mostConnections: Int
    let connections: ConnectionRegistry
    let timeouts: Timeouts
    /// Keeps certificate and key; nil to serve in plain HTTP.
    var certificates: CertificateProvider?

    /// A server of `routes` at the port. What is asked of it is neither counted nor logged.
    ///
    /// - Parameter onRunning: told the port once the server listens.
    func server(
        _ routes: [Route<OpenSession>], _ logger: Logger,
        onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) -> HTTPServer {
        var terms = ServingTerms(logger: logger)
        (terms.connections, terms.timeouts, terms.bodyLimit) = (connections, timeouts, 0)
        let facade = Facade<OpenSession>(
            routes: routes, authentication: .open, headers: .plain, isLogged: false,
            errors: { error, request, _ in
                if request == nil, let refusal = error as? HTTPError { return APIError.answer(toHead: refusal) }
                return .plain(error)
            })
        var listener = Listener(
            name: name, host: host, port: number, facades: [RequestPipeline(facade, terms)])
        listener.mostConnections = mostConnections
        listener.certificates = certificates
        listener.onRunning = onRunning
        return HTTPServer(listener, terms)
    }
}

/// Serves counts to Prometheus, in plain HTTP and to all, as C §13 has it: they name nobody.
struct MetricsServer: Service {
    let metrics: ServerMetrics
    let port: ServedPort
    let logger: Logger

    /// Serves until the surrounding service group shuts down; does without if the port is taken.
    func run() async throws {
        let route = Route<OpenSession>(
            .get, "/metrics", .nothing,
            immediate: { [metrics] _ in
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
