package import Access
package import Basics
package import Content
package import HTTPServing
package import Logging
package import Plugins
package import Provisioning
public import ServiceLifecycle
package import Tracker

/// `/api/v3` and its port, from the socket to the tracker.
///
/// Runs as a service: on graceful shutdown it stops to listen, answers what it has been asked, and returns.
public struct MusterServer: Service {
    let services: Services
    /// The one way of all requests.
    let pipeline: RequestPipeline<ProvisionSession>
    /// On what terms it is served.
    package let terms: ServingTerms
    /// What is served beside `/api/v3` on its port.
    private let others: [any RequestResponder]

    /// A server.
    ///
    /// - Parameters:
    ///   - tracker: holds the objects.
    ///   - packs: reads content packs.
    ///   - authenticator: knows users and tokens.
    ///   - logs: what `GET /logs` shows.
    ///   - configuration: how to serve.
    ///   - plugins: runs plug-ins; nil where there can be none.
    ///   - logger: told of every request.
    ///   - others: makes what is served beside `/api/v3` on its port.
    package init(
        tracker: DataTracker, packs: ContentPacks, authenticator: Authenticator, logs: LogRing,
        configuration: ServerConfiguration, plugins: PluginHost? = nil, logger: Logger,
        beside others: (ServingTerms) -> [any RequestResponder] = { _ in [] }
    ) {
        var configuration = configuration
        if configuration.endpointID.isEmpty { configuration.endpointID = ServerInfo.localID }
        services = Services(
            tracker: tracker, packs: packs, authenticator: authenticator, logs: logs, configuration: configuration,
            plugins: plugins, logger: logger)
        let routes = Routes.all(tracker.catalog, version: configuration.version)
        terms = Self.terms(services, logger)
        pipeline = RequestPipeline(ProvisionFacade.make(services, routes), terms)
        self.others = others(terms)
        // Lines become events only while somebody wants them: every write has one.
        logs.tell { [events = tracker.events] line in
            if events.isWanted(LogLine.eventType) { events.publish(line.event) }
        }
    }

    /// What rendering takes of the server.
    package var rendering: RenderServices { services.rendering }

    /// All that is answered.
    var routes: RouteTable { pipeline.facade.routes.current }

    /// The first words of paths that a server with the types of `catalog` has: no further type can be called so.
    package static func takenNames(_ catalog: Catalog) -> Set<Identifier> {
        let families = Routes.all(catalog, version: "").compactMap { $0.isBelowBase ? $0.pattern.family : nil }
        return Set(families.map { Identifier($0) } + catalog.types.map { Identifier($0.typeName.rawValue) })
    }

    /// Serves the types that have come meanwhile.
    package func serveNewTypes() {
        pipeline.facade.routes.update(
            Routes.all(services.tracker.catalog, version: services.configuration.version))
    }

    /// Serves until the surrounding service group shuts down.
    ///
    /// - Throws: when the address cannot be listened on.
    public func run() async throws {
        let configuration = services.configuration
        var listener = Listener(
            name: "api", host: configuration.host, port: configuration.port, facades: [pipeline] + others)
        listener.certificates = configuration.certificates
        listener.mostConnections = configuration.mostConnections
        listener.onRunning = { [services] port in
            services.listens(on: port)
            await configuration.onRunning(port)
        }
        try await HTTPServer(listener, terms).run()
    }

    private static func terms(_ services: Services, _ logger: Logger) -> ServingTerms {
        let configuration = services.configuration
        var terms = ServingTerms(logger: logger)
        terms.bodyLimit = configuration.bodyLimit
        terms.trustedProxies = configuration.trustedProxies
        terms.timeouts = configuration.timeouts
        terms.connections = configuration.connections
        terms.disconnects = services.disconnects
        terms.metrics = configuration.metrics
        return terms
    }
}
