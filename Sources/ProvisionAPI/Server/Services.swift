import Access
import Basics
import Content
import HTTPServing
import Logging
import Plugins
import Provisioning
import Synchronization
import Tracker

/// What handlers work with; one for all requests.
final class Services: Sendable {
    let tracker: DataTracker
    /// Turns packs into layers, of the types that there are now.
    var packs: ContentPacks { ContentPacks(catalog: tracker.catalog, features: features) }
    private let features: Set<Identifier>
    let authenticator: Authenticator
    let logs: LogRing
    let configuration: ServerConfiguration
    /// Knows the answers to writes that come again.
    let idempotency = IdempotencyGate()
    /// Held by the self-check that is going on.
    let checking = Places(1)
    /// Held by the backup that is being made.
    let backups = Places(1)
    /// Who waits for an answer.
    let disconnects = DisconnectRegistry()
    /// Watchers by what they want.
    let subscriptions = SharedSubscriptions()
    /// Looks after watchers.
    let heartbeats: HeartbeatTimer
    /// Counts what happens.
    let metrics: ServerMetrics
    /// Files that clients upload.
    let blobs: BlobServices
    /// Who reads logs of jobs that grow.
    let logReaders = LogReaders()
    /// Who runs actions.
    let actions: any ActionProvider
    /// Runs plug-ins; nil where there can be none.
    let plugins: PluginHost?
    private let templates = TemplateCache()
    private let port: Atomic<Int>

    init(
        tracker: DataTracker, packs: ContentPacks, authenticator: Authenticator, logs: LogRing,
        configuration: ServerConfiguration, plugins: PluginHost?, logger: Logger
    ) {
        self.tracker = tracker
        features = packs.features
        self.authenticator = authenticator
        self.logs = logs
        self.configuration = configuration
        self.plugins = plugins
        actions = plugins.map { PluginActions($0) } ?? NoActions()
        blobs = BlobServices(fileRoot: configuration.fileRoot, tracker, logger: logger)
        metrics = configuration.metrics
        heartbeats = HeartbeatTimer(
            interval: configuration.watching.interval, clock: tracker.environment.clock)
        port = Atomic(configuration.port)
    }

    /// What clients are told of this server.
    var info: ServerInfo {
        ServerInfo(
            configuration: configuration, port: port.load(ordering: .relaxed), tracker: tracker,
            authenticator: authenticator)
    }

    /// What rendering takes, for what machines fetch.
    var rendering: RenderServices {
        RenderServices(fileRoot: configuration.fileRoot, environment: tracker.environment, cache: templates) {
            [self] view in
            info.value(in: view, ReadAuthorization(.system(scopes: authenticator.scopes), view))
        } issueToken: { [authenticator] request, view throws(RenderError) in
            do throws(AccessError) { return try authenticator.issueToken(request, in: view) } catch {
                throw RenderError(error.messages.joined(separator: "; "))
            }
        }
    }

    /// Finds out who comes.
    var requestAuthenticator: RequestAuthenticator {
        RequestAuthenticator(
            authenticator: authenticator, metrics: metrics,
            asksForCertificates: configuration.certificates?.asksClients ?? false)
    }

    /// The ports that templates show.
    var ports: ServerLocation.Ports {
        ServerLocation.Ports(
            api: port.load(ordering: .relaxed), files: configuration.ports.files,
            secureFiles: configuration.ports.secureFiles)
    }

    /// Notes on which port the server listens.
    func listens(on port: Int) { self.port.store(port, ordering: .relaxed) }
}
