import Basics
import HTTPServing
import JSON
import Logging
import Store
import Tracker

/// A server of widgets and nothing else: a store, a tracker over it, and a port.
struct WidgetServer {
    let tracker: DataTracker
    private let facade: WidgetFacade
    private let terms: ServingTerms

    init(store: any KeyValueStore, clients: [Identifier: WidgetFacade.Client], logger: Logger) throws {
        tracker = try DataTracker.open(
            store: store, catalog: Catalog([Widgets.domain]), writable: [:], packs: [], logger: logger
        ).tracker
        facade = WidgetFacade(tracker: tracker, clients: clients, logger: logger)
        terms = ServingTerms(logger: logger)
    }

    /// What listens, as a service.
    ///
    /// - Parameter onRunning: told the port once the server listens.
    func listening(on port: Int, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }) -> HTTPServer {
        var listener = Listener(
            name: "widgets", host: "127.0.0.1", port: port, facades: [RequestPipeline(facade.facade, terms)])
        listener.onRunning = onRunning
        return HTTPServer(listener, terms)
    }
}
