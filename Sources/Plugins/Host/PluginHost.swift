import AsyncHTTPClient
import Basics
import Glibc
public import JSON
import Logging
import NIOCore
public import ServiceLifecycle
import Tracker

/// Runs the plug-ins of a server: for each object of the type `plugins` the program of its provider (C §18).
///
/// It is a service: it begins once the API is served, looks again whenever plug-ins or providers change, and ends all programs
/// when the server stops.
public actor PluginHost: Service {
    /// What plug-ins take of the server.
    public nonisolated let environment: PluginEnvironment
    /// Brings providers in and takes them out.
    public nonisolated let providers: ProviderInstaller

    private var runners: [Identifier: PluginRunner] = [:]
    private var lastNumber = 0
    private let port: Promise<Int>
    private let signal = AsyncSignal()
    private var isServing = false
    /// The state by which plug-ins are what they are.
    private var looked = Revision.zero
    /// Who waits for the next look.
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// A host. It takes away what one left behind that was killed, which blocks for a moment.
    public init(_ environment: PluginEnvironment) {
        self.environment = environment
        providers = ProviderInstaller(environment, ringing: signal)
        port = Promise()
        ProviderFolders(environment.settings).removeLeftovers()
    }

    /// Says that the API is served on a port: plug-ins may call it.
    public nonisolated func begin(port: Int) { self.port.fulfill(port) }

    /// Runs plug-ins until the surrounding service group shuts down.
    public func run() async throws {
        try await cancelWhenGracefulShutdown { try await self.serve() }
    }

    /// Runs an action on a plug-in.
    ///
    /// - Parameters:
    ///   - plugin: the plug-in's name.
    ///   - body: the action as plug-ins are told of it: `{"Model", "Plugin", "Command", "CommandSet", "Params"}`.
    /// - Throws: what the plug-in refuses it with; with 503 if it does not run.
    public func run(on plugin: String, _ body: JSONValue) async throws(PluginError) -> JSONValue {
        await lookIsDone(at: plugin)
        guard let runner = runners[Identifier(plugin)] else {
            throw PluginError(503, ["Plugin \(plugin) is not running yet: try again in a moment"])
        }
        return try await runner.run(body.canonicalBytes())
    }

    private func serve() async throws {
        let settings = environment.settings
        guard let port = await port.value else { return }
        guard await BlockingPool.shared.run({ SocketFolder.make(settings.sockets) }) else {
            environment.logger.error(
                "no plug-in can run: the folder of their sockets cannot be made, or is somebody else's",
                metadata: ["folder": "\(settings.sockets)"])
            return
        }
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(5)))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 80
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let http = (client, "\(settings.endpoint):\(port)")
        await providers.adoptFound()
        isServing = true
        await withTaskGroup(of: Void.self) { group in
            for typeName: TypeName in ["plugins", "plugin_providers"] { group.addTask { await self.watch(typeName) } }
            while !Task.isCancelled {
                await look(http)
                await signal.wait()
            }
            group.cancelAll()
        }
        // The task is cancelled by now, and programs take their time to end.
        isServing = false
        wakeWaiters()
        await Task { await self.stopAll() }.value
        try? await client.shutdown()
        await BlockingPool.shared.run { Folder.removeAll(settings.sockets) }
    }

    /// Rings when objects of a type change.
    private nonisolated func watch(_ typeName: TypeName) async {
        var revision = environment.tracker.snapshot.revision
        while let next = try? await environment.tracker.snapshot(after: revision, for: .type(typeName)) {
            revision = next.revision
            signal.ring()
        }
    }

    /// Waits until a plug-in is what its object says by now.
    private func lookIsDone(at plugin: String) async {
        let tracker = environment.tracker
        let wanted = tracker.snapshot.object("plugins", plugin)?.revision ?? .zero
        while isServing, looked < wanted {
            signal.ring()
            await withCheckedContinuation { waiters.append($0) }
        }
    }

    /// Has each plug-in be what its object says.
    private func look(_ http: (client: HTTPClient, endpoint: String)) async {
        let view = environment.tracker.snapshot
        let programs = await programs(in: view)
        let wanted = PluginDemand(view, environment.settings.allowance, programs: programs).all
        let present = Set(wanted.map { Identifier($0.name) })
        for (name, runner) in runners where !present.contains(name) {
            await runner.take(.demand(.hold([])))
            if await runner.isIdle { runners[name] = nil } else { Task { await self.forget(name, runner) } }
        }
        for (name, demand) in wanted {
            await runner(of: name, http).take(.demand(demand))
        }
        looked = view.revision
        wakeWaiters()
    }

    private func wakeWaiters() {
        let ready = waiters
        waiters = []
        for waiter in ready { waiter.resume() }
    }

    /// What tells the program of each provider from others.
    private func programs(in view: Snapshot) async -> [Identifier: String] {
        var names: [String] = []
        view["plugin_providers"]?.forEachObject { provider in
            names.append(provider.key.string)
            return true
        }
        let (found, providers) = (names, providers)
        return await BlockingPool.shared.run {
            Dictionary(
                found.map { (Identifier($0), providers.program(of: $0)?.signature ?? "") }, uniquingKeysWith: { $1 })
        }
    }

    private func runner(of name: String, _ http: (client: HTTPClient, endpoint: String)) -> PluginRunner {
        if let known = runners[Identifier(name)] { return known }
        lastNumber += 1
        let made = PluginRunner(name, number: lastNumber, endpoint: http.endpoint, http.client, environment)
        runners[Identifier(name)] = made
        return made
    }

    /// Forgets a plug-in that is gone once its program has ended.
    private func forget(_ name: Identifier, _ runner: PluginRunner) async {
        await runner.stop()
        signal.ring()
    }

    private func stopAll() async {
        await withTaskGroup(of: Void.self) { group in
            for runner in runners.values { group.addTask { await runner.stop() } }
        }
        runners = [:]
    }
}

/// The folder of the sockets of plug-ins: nobody else may put anything there.
private enum SocketFolder {
    /// Makes the folder anew, for this user alone. It blocks.
    ///
    /// - Returns: whether it is there, and this user's.
    static func make(_ path: String) -> Bool {
        Folder.removeAll(path)
        guard Folder.make(path), chmod(path, 0o700) == 0 else { return false }
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
    }
}
