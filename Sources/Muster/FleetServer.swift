import ArgumentParser
import Configuration
import FleetAPI
import HTTPServing
import Logging
import NetServices
import ServiceLifecycle
import Tracker

/// Where the inventory's API is served.
struct FleetSettings: Sendable {
    /// The port; zero for none.
    let port: Int
    /// The address to listen on.
    let host: String
    /// Whether it is served over TLS.
    let usesTLS: Bool

    /// - Throws: `ValidationError` for an empty address.
    init(_ config: ConfigReader, port: Int) throws {
        self.port = port
        host = config.string(forKey: "fleet-host", default: "127.0.0.1")
        usesTLS = config.bool(forKey: "fleet-tls", default: false)
        guard !host.isEmpty else {
            throw ValidationError("fleet-host is empty: give an address, or leave it out for 127.0.0.1")
        }
    }
}

/// Serves the inventory's API on a port of its own (F §1).
struct FleetServer: Service {
    let settings: FleetSettings
    let tracker: DataTracker
    /// Limits and logs of the server's API, which hold here too.
    let terms: ServingTerms
    let certificates: CertificateProvider?
    let mostConnections: Int
    let states: ServiceStates

    /// Serves until the surrounding service group shuts down; does without if the port is taken.
    func run() async throws {
        guard settings.port != 0 else { return try await gracefulShutdown() }
        states[.fleet] = .starting
        let facade = FleetFacade(tracker: tracker, usesTLS: settings.usesTLS)
        var listener = Listener(
            name: "fleet", host: settings.host, port: settings.port,
            facades: [RequestPipeline(facade.facade, terms)])
        listener.certificates = settings.usesTLS ? certificates : nil
        listener.mostConnections = mostConnections
        listener.onRunning = { [states] _ in states[.fleet] = .serving }
        do {
            try await HTTPServer(listener, terms).run()
        } catch {
            let cause = "\(settings.host), port \(settings.port), cannot be listened on: \(error)"
            states[.fleet] = .failed(cause)
            terms.logger.error("a service cannot be started", metadata: ["service": "fleet", "cause": "\(cause)"])
            try await gracefulShutdown()
        }
    }
}
