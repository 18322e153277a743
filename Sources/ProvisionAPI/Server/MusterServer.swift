public import Access
public import Content
public import HTTPServing
public import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle
public import Tracker

/// The API, from the socket to the tracker.
///
/// Runs as a service: on graceful shutdown it stops to listen, answers what it has been asked, and returns.
public struct MusterServer: Service {
    private let responder: Responder
    let services: Services
    private let logger: Logger

    /// A server.
    ///
    /// - Parameters:
    ///   - tracker: holds the objects.
    ///   - packs: reads content packs.
    ///   - authenticator: knows users and tokens.
    ///   - logs: what `GET /logs` shows.
    ///   - configuration: how to serve.
    ///   - logger: told of every request.
    public init(
        tracker: DataTracker, packs: ContentPacks, authenticator: Authenticator, logs: LogRing,
        configuration: ServerConfiguration, logger: Logger
    ) {
        var configuration = configuration
        if configuration.endpointID.isEmpty { configuration.endpointID = ServerInfo.localID }
        services = Services(
            tracker: tracker, packs: packs, authenticator: authenticator, logs: logs, configuration: configuration)
        responder = Responder(
            services: services, table: RouteTable(Routes.all(tracker.catalog, version: configuration.version)))
        self.logger = logger
        // Lines become events only while somebody wants them: every write has one.
        logs.tell { [events = tracker.events] line in
            if events.isWanted(LogLine.eventType) { events.publish(line.event) }
        }
    }

    /// Everything that the API answers.
    public var routes: RouteTable { responder.table }

    /// The server as Hummingbird runs it.
    public func application() -> some ApplicationProtocol {
        let configuration = services.configuration
        let server = HTTPServerBuilder { [services, brief = responder] responder in
            UpgradableChannel(responder: responder, brief: brief, services: services)
        }
        let slots = ConnectionSlots(configuration.mostConnections, port: "api", configuration.connections)
        return Application(
            responder: responder, server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), availableConnectionsDelegate: slots),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? configuration.port
                services.listens(on: port)
                await configuration.onRunning(port)
            }, logger: logger)
    }

    /// Serves until the surrounding service group shuts down.
    ///
    /// - Throws: when the address cannot be listened on.
    public func run() async throws { try await application().run() }
}
