import Access
import Basics
import Content
import CoreMetrics
import FleetAPI
import Glibc
import HTTPServing
import JSON
import Logging
import NIOSSL
import NetServices
import Plugins
import ProvisionAPI
import Provisioning
import Scheduling
import ServiceLifecycle
import Store
import SystemPackage
import Tracker
import UnixSignals
import WebConsole

/// The whole server, put together from its floors.
struct ServerApplication {
    let settings: Settings
    let isGreeting: Bool
    let logs = LogRing()
    let logWriter: LogWriter
    let metrics = ServerMetrics()
    let serviceStates = ServiceStates()

    init(_ settings: Settings, isGreeting: Bool) {
        self.settings = settings
        self.isGreeting = isGreeting
        logWriter = LogWriter(metrics: metrics)
    }

    /// Opens the store, loads everything, and serves until SIGTERM or SIGINT; then finishes requests, syncs and closes.
    ///
    /// - Throws: `StartError` naming what keeps the server from starting.
    func run() async throws {
        let logger = makeLogger()
        defer { logWriter.flush(within: .seconds(1)) }
        let base = BaseRoot(settings.baseRoot)
        try base.prepare()
        OfferedAgent(root: base.tftpboot, logger: logger).place()
        let (tracker, domains, rawTypes, hasAdopted) = try await openTracker(base, logger)
        if tracker.snapshot.objectCount >= Self.manyObjects { Memory.giveBack() }
        let authenticator = Authenticator(scopes: domains.scopes)
        try await FirstBoot(
            tracker: tracker, domains: domains.all, authenticator: authenticator, password: settings.initialPassword,
            hasAdopted: hasAdopted
        ).run()
        for domain in domains.all { try await ScheduledWork.establish(domain.works, of: domain.name, in: tracker) }
        let isPasswordKnown: @Sendable () -> Bool = { authenticator.hasWellKnownPassword(in: tracker.snapshot) }
        if isPasswordKnown() {
            logger.warning(
                "the first user has the password that everybody can look up: change it",
                metadata: ["user": "\(DefaultUser.name)"])
        }
        let services = ServiceGroup(
            services: [
                try services(tracker, domains.all, rawTypes(authenticator), authenticator, logger, isPasswordKnown)
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        do {
            try await services.run()
        } catch {
            do {
                try await tracker.close()
            } catch let failure {
                logger.error("the store did not close as it should", metadata: ["cause": "\(failure)"])
            }
            let ports = "\(settings.apiPort) and \(settings.staticPort)"
            throw StartError("cannot serve on \(settings.host), ports \(ports): \(error)")
        }
        try await tracker.close()
        logger.info("stopped; everything is in the store", metadata: ["store": "\(settings.backend)"])
    }

    /// Loading this many objects takes memory that is worth giving back.
    private static let manyObjects = 100_000

    /// All that runs until the server is told to stop.
    private func services(
        _ tracker: DataTracker, _ domains: [Domain], _ rawTypes: RawTypeRegistry, _ authenticator: Authenticator,
        _ logger: Logger, _ isPasswordKnown: @escaping @Sendable () -> Bool
    ) throws -> ConcurrentServices {
        let packs = Self.packs(of: tracker.catalog)
        var configuration = configuration(logger, isPasswordKnown)
        let connections = configuration.connections
        var watches: [any Service] = []
        if settings.usesTLS {
            let tls = TLSFiles(
                certificate: settings.certificate, key: settings.privateKey,
                clientAuthorities: settings.clientAuthorities)
            let keeper = try tls.keeper()
            configuration.certificates = keeper
            watches.append(tls.watch(keeper, clock: tracker.environment.clock, logger: logger))
        }
        let console = WebConsole(
            tracker: tracker, authenticator: authenticator, metrics: metrics, title: "Muster", usesTLS: settings.usesTLS
        )
        let setup = FleetSetupFacade(tracker: tracker, authenticator: authenticator)
        let (limit, timeouts) = (DescriptorLimit.current, settings.timeouts)
        func port(_ name: String, _ number: Int, _ share: Int) -> ServedPort {
            ServedPort(
                name: name, host: settings.host, number: number, mostConnections: share, connections: connections,
                timeouts: timeouts)
        }
        var own: [any Service] = domains.flatMap(\.services).map {
            DomainRunner(service: $0, tracker: tracker)
        }
        if let manager = ServiceManager.current {
            own.append(SignsOfLife(manager: manager, clock: tracker.environment.clock))
        }
        let plugins = PluginServices(
            settings: settings, tracker: tracker, packs: packs, authenticator: authenticator, rawTypes: rawTypes,
            logger: logger
        ).host()
        let greet = configuration.onRunning
        configuration.onRunning = { port in
            plugins.begin(port: port)
            await greet(port)
        }
        let api = MusterServer(
            tracker: tracker, packs: packs, authenticator: authenticator, logs: logs, configuration: configuration,
            plugins: plugins, logger: Logger(label: "frontend"),
            beside: { [RequestPipeline(console.facade, $0), RequestPipeline(setup.facade, $0)] })
        rawTypes.serve(by: api)
        let boot = BootServices(
            settings: settings, tracker: tracker, rendering: api.rendering, states: serviceStates)
        return ConcurrentServices(
            watches + own + boot.services(port, configuration) + [
                api, plugins, fleet(tracker, api.terms, configuration),
                LogLevelWatch(tracker, logs.levels),
                MetricsServer(
                    metrics: metrics,
                    port: port("metrics", settings.metricsPort, DescriptorLimit.metrics(of: limit)), logger: logger),
                ScheduleRunner(scheduler: Scheduler(tracker, domains.flatMap(\.works), logger: logger)),
                HistoryPruner(keeper: HistoryCompactor(tracker, settings.history), logger: logger),
                ShutdownLimit(
                    time: settings.shutdownTimeout, connections: connections, clock: tracker.environment.clock,
                    logs: logWriter, logger: logger),
            ])
    }

    /// What serves the inventory's API.
    private func fleet(
        _ tracker: DataTracker, _ terms: ServingTerms, _ configuration: ServerConfiguration
    ) -> FleetServer {
        FleetServer(
            settings: settings.fleet, tracker: tracker, terms: terms, certificates: configuration.certificates,
            mostConnections: DescriptorLimit.files(of: DescriptorLimit.current), states: serviceStates)
    }

    /// Also has everything timed from now on counted, the tracker's timers among it.
    private func makeLogger() -> Logger {
        MetricsSystem.bootstrap(metrics)
        let (logs, writer, level) = (logs, logWriter, settings.logLevel)
        LoggingSystem.bootstrap { label in
            var handler = logs.handler(label: label, sink: writer.handler(label: label))
            handler.logLevel = level
            return handler
        }
        return Logger(label: "muster")
    }

    private static func packs(of catalog: Catalog) -> ContentPacks {
        ContentPacks(catalog: catalog, features: Set(Features.all.map { Identifier($0) }))
    }

    /// What there is once the store is loaded.
    private typealias Opened = (
        tracker: DataTracker, domains: ServerDomains, rawTypes: (Authenticator) -> RawTypeRegistry, hasAdopted: Bool
    )

    private func openTracker(_ base: BaseRoot, _ logger: Logger) async throws -> Opened {
        let started = ContinuousClock.now
        let (files, selfCheck) = (base.files, settings.selfCheck)
        do {
            let own = ServerDomains(files: files, selfCheck: selfCheck).catalog
            let store = try settings.openStore(own) { progress in
                logger.notice("\(progress.work)", metadata: ["percent": "\(progress.percent)"])
                ServiceManager.current?.status("\(progress.work): \(progress.percent) %")
            }
            let providers = try InstalledProviders(in: store, besides: own)
            for problem in providers.problems { logger.error("a type is left out", metadata: ["cause": "\(problem)"]) }
            let domains = ServerDomains(files: files, selfCheck: selfCheck, rawTypes: providers.rawTypes)
            let shelf = StartupPacks(settings, packs: Self.packs(of: domains.catalog))
            let found = try shelf.contents(with: providers)
            let (tracker, refused) = try DataTracker.open(
                store: store, catalog: domains.catalog, writable: BuiltIn.writableMetadata, packs: found.layers,
                logger: logger)
            try report(found.problems + refused, warnings: found.warnings, of: shelf, logger)
            let hasAdopted = try await takeOverFiles(of: store, tracker, logger)
            logger.info(
                "loaded",
                metadata: [
                    "store": "\(settings.backend)", "revision": "\(tracker.snapshot.revision)",
                    "objects": "\(tracker.snapshot.objectCount)", "seconds": "\(started.duration(to: .now).seconds)",
                ])
            let rawTypes = { authenticator in
                RawTypeRegistry(
                    providers.rawTypes, besides: MusterServer.takenNames(own), tracker, authenticator
                ) { ServerDomains(files: files, selfCheck: selfCheck, rawTypes: $0) }
            }
            return (tracker, domains, rawTypes, hasAdopted)
        } catch let error as StoreError {
            throw StartError("the store \(settings.backend) cannot be opened: \(error)")
        }
    }

    /// Takes over what people did to the files of a store while nobody had it open.
    ///
    /// - Returns: whether they did anything.
    private func takeOverFiles(
        of store: any KeyValueStore, _ tracker: DataTracker, _ logger: Logger
    ) async throws -> Bool {
        guard let edited = store as? any HandEditedStore else { return false }
        for remark in edited.remarks { logger.warning("\(remark)") }
        let outcome = try await tracker.adoptFoundChanges(settingAside: settings.isRepairing)
        for remark in outcome.setAside { logger.warning("\(remark)") }
        guard outcome.adopted > 0 else { return false }
        logger.notice(
            "files of the store were changed by hand and are taken over",
            metadata: ["files": "\(outcome.adopted)", "revision": "\(tracker.snapshot.revision)"])
        for value in tracker.snapshot.lostSealedValues(limit: 100) {
            logger.warning(
                "a sealed value cannot be opened: its key is not in this store", metadata: ["value": "\(value)"])
        }
        return true
    }

    /// Says what is wrong with packs on disk, and stops the start if it is to be strict about it.
    private func report(
        _ problems: [PackProblem], warnings: [PackProblem], of shelf: StartupPacks, _ logger: Logger
    ) throws {
        for problem in problems {
            let pack = shelf.title(of: problem.pack)
            for message in problem.messages {
                logger.error("a content pack is left out", metadata: ["pack": "\(pack)", "problem": "\(message)"])
            }
        }
        for warning in warnings {
            let pack = shelf.title(of: warning.pack)
            for message in warning.messages {
                logger.warning("a content pack is odd", metadata: ["pack": "\(pack)", "problem": "\(message)"])
            }
        }
        let all = problems + warnings
        guard settings.isContentStrict, !all.isEmpty else { return }
        let texts = all.map { problem in
            ["the content pack \(shelf.title(of: problem.pack)) is broken:"] + problem.messages.map { "  \($0)" }
        }
        throw StartError(
            texts.joined().joined(separator: "\n") + "\nMend it, or start without --strict-content to leave it out.")
    }

    private func configuration(
        _ logger: Logger, _ isPasswordKnown: @escaping @Sendable () -> Bool
    ) -> ServerConfiguration {
        var limits = ConnectionRegistry.Limits()
        limits.perAddress = settings.connectionsPerAddress
        limits.isExempt = settings.trustedProxies.isExempt
        limits.writeTimeout = settings.timeouts.write
        var configuration = ServerConfiguration()
        configuration.connections = ConnectionRegistry(limits, metrics: metrics, logger: logger)
        configuration.mostConnections = DescriptorLimit.api(of: DescriptorLimit.current)
        configuration.watching.patience = settings.timeouts.write
        configuration.host = settings.host
        configuration.port = settings.apiPort
        configuration.bodyLimit = settings.bodyLimit
        configuration.uploadLimit = settings.uploadLimit
        configuration.fileRoot = settings.baseRoot.appending("tftpboot").string
        configuration.backupFolder = settings.backupFolder.string
        configuration.endpointID = settings.endpointID ?? ""
        configuration.version = Version.text
        configuration.ports = settings.ports
        configuration.serviceStates = serviceStates
        if let address = settings.staticAddress { configuration.address = address }
        configuration.fixedAddress = settings.staticAddress
        configuration.metrics = metrics
        configuration.timeouts = settings.timeouts
        configuration.trustedProxies = settings.trustedProxies
        let (host, usesTLS, isGreeting) = (settings.host, settings.usesTLS, isGreeting)
        configuration.onRunning = { port in
            ServiceManager.current?.ready("serving on port \(port)")
            guard isGreeting else { return }
            StartupBanner(host: host, port: port, usesTLS: usesTLS, isPasswordKnown: isPasswordKnown()).show()
        }
        return configuration
    }
}

extension Duration {
    /// The duration in seconds with three digits behind the point.
    fileprivate var seconds: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
