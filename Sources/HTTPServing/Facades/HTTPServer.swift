import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Serves the facades of one port.
///
/// Runs as a service: on graceful shutdown it stops to listen, answers what it has been asked, and returns.
package struct HTTPServer: Service {
    private let listener: Listener
    private let terms: ServingTerms

    /// A server of a port.
    package init(_ listener: Listener, _ terms: ServingTerms) { (self.listener, self.terms) = (listener, terms) }

    /// Serves until the surrounding service group shuts down.
    ///
    /// - Throws: when the address cannot be listened on.
    package func run() async throws {
        let slots = ConnectionSlots(listener.mostConnections, port: listener.name, terms.connections)
        let server = Server(
            childChannelSetup: HTTPChannel(listener: listener, terms: terms),
            configuration: HummingbirdCore.ServerConfiguration(
                address: .hostname(listener.host, port: listener.port), availableConnectionsDelegate: slots),
            onServerRunning: { channel in
                await listener.onRunning(channel.localAddress?.port ?? listener.port)
            }, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: terms.logger)
        try await server.run()
    }
}

/// A port, and what is served there.
package struct Listener: Sendable {
    /// What the log calls the port.
    package var name: String
    /// The address to listen on.
    package var host: String
    /// The port; zero for any free one.
    package var port: Int
    /// Keeps certificate and key; nil to serve without TLS.
    package var certificates: CertificateProvider?
    /// How many connections the port may have; more wait until some end.
    package var mostConnections = Int.max
    /// The facades behind the port, one at least. A request goes to the one below whose base its path lies, or else to the first.
    package var facades: [any RequestResponder]
    /// Told the port once the server listens.
    package var onRunning: @Sendable (_ port: Int) async -> Void = { _ in }

    /// A port with facades.
    package init(name: String, host: String, port: Int, facades: [any RequestResponder]) {
        precondition(!facades.isEmpty, "the port \(name) serves nothing")
        (self.name, self.host, self.port, self.facades) = (name, host, port, facades)
    }

    /// The number of the facade that a target goes to.
    func facade(for target: String) -> Int {
        if facades.count == 1 { return 0 }
        return facades.firstIndex { $0.owns(target) } ?? 0
    }
}

/// On what terms a listener serves: limits, and where things are counted and logged. The same for all of its facades.
package struct ServingTerms: Sendable {
    /// The largest request body in bytes.
    package var bodyLimit = 32 << 20
    /// The proxies whose word counts for where a request came from.
    package var trustedProxies = TrustedProxies()
    /// How long clients may take.
    package var timeouts = Timeouts()
    /// The connections of all ports.
    package var connections = ConnectionRegistry()
    /// The memory of long answers.
    package var answerBudget = AnswerBudget()
    /// Who waits for an answer.
    package var disconnects = DisconnectRegistry()
    /// Counts what happens.
    package var metrics = ServerMetrics()
    /// Where lines go that are about no request.
    package var logger: Logger

    /// The usual terms.
    package init(logger: Logger) { self.logger = logger }
}
