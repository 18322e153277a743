import HummingbirdCore
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
