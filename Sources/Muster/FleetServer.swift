import ArgumentParser
import Basics
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
    /// The identity service whose tokens clients show; nil if they show keys of their own.
    let keystone: KeystoneSettings?

    /// - Throws: `ValidationError` for an empty address, or an identity service without a password.
    init(_ config: ConfigReader, port: Int) throws {
        self.port = port
        host = config.string(forKey: "fleet-host", default: "127.0.0.1")
        usesTLS = config.bool(forKey: "fleet-tls", default: false)
        keystone = try Self.keystone(config)
        guard !host.isEmpty else {
            throw ValidationError("fleet-host is empty: give an address, or leave it out for 127.0.0.1")
        }
    }

    private static func keystone(_ config: ConfigReader) throws -> KeystoneSettings? {
        guard let url = config.string(forKey: "fleet-keystone"), !url.isEmpty else { return nil }
        guard url.hasBytePrefix("https://") || url.hasBytePrefix("http://") else {
            throw ValidationError("fleet-keystone is \(url): give a URL such as https://keystone:5000/v3")
        }
        guard let password = config.string(forKey: "fleet-keystone-password", isSecret: true), !password.isEmpty else {
            throw ValidationError("fleet-keystone takes the password of its user, in RS_FLEET_KEYSTONE_PASSWORD")
        }
        return KeystoneSettings(
            url: url, user: config.string(forKey: "fleet-keystone-user", default: "muster"), password: password,
            project: config.string(forKey: "fleet-keystone-project", default: "service"),
            domain: config.string(forKey: "fleet-keystone-domain", default: "Default"))
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
        let facade = FleetFacade(
            tracker: tracker, usesTLS: settings.usesTLS, keystone: settings.keystone, logger: terms.logger)
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
