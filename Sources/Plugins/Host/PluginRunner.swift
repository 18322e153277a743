import AsyncHTTPClient
import Basics
import Glibc
import JSON
import Logging
import Tracker

/// Runs the program of one plug-in: does what its `PluginLifecycle` decides, and tells it what happens.
actor PluginRunner {
    /// The plug-in's name.
    nonisolated let name: String

    let environment: PluginEnvironment
    let logger: Logger
    private let http: HTTPClient
    /// Where the program reaches the API.
    private let endpoint: String
    /// The sockets of the program and of the server, without the ends of their names.
    private let socket: String
    private let errors: PluginErrorsWriter
    private var life = PluginLifecycle()
    private var active: ActiveRun?
    /// Who waits for the phase to change.
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var actionCount = 0

    /// What there is of a program that runs.
    private struct ActiveRun {
        let process: PluginProcess
        let calls: PluginCallServer
        let client: PluginClient
        var events: Task<Void, Never>?
    }

    /// How many actions of a plug-in run at once.
    private static let mostActions = 64
    /// How long an action may take.
    private static let actionTime = Duration.seconds(15 * 60)

    /// A runner of the plug-in called `name`.
    ///
    /// - Parameter number: no other runner's of this server.
    init(_ name: String, number: Int, endpoint: String, _ http: HTTPClient, _ environment: PluginEnvironment) {
        (self.name, self.http, self.environment, self.endpoint) = (name, http, environment, endpoint)
        socket = "\(environment.settings.sockets)/\(number)"
        var logger = environment.logger
        logger[metadataKey: "plugin"] = "\(name)"
        self.logger = logger
        errors = PluginErrorsWriter(name, environment.tracker, logger)
    }

    /// Whether the program does not run, and is not about to.
    var isIdle: Bool { life.phase == .idle }

    /// Takes what happened, and does what follows.
    func take(_ input: PluginLifecycle.Input) {
        let phase = life.phase
        for effect in life.take(input) { perform(effect) }
        guard life.phase != phase else { return }
        logger.debug("plug-in", metadata: ["phase": "\(life.phase)", "run": "\(life.run)"])
        let ready = waiters
        waiters = []
        for waiter in ready { waiter.resume() }
    }

    /// Ends the program, and returns when it has ended.
    func stop() async {
        take(.demand(.hold([])))
        while !isIdle { await phaseChange() }
    }

    /// Runs an action; waits for a program that is being started.
    ///
    /// - Parameter body: the action as plug-ins are told of it.
    /// - Throws: what the plug-in refuses it with; with 503 if it does not run, or runs too many.
    func run(_ body: [UInt8]) async throws(PluginError) -> JSONValue {
        while life.isSettling { await phaseChange() }
        guard life.phase == .running, let client = active?.client else {
            throw PluginError(503, ["Plugin \(name) is not running: its PluginErrors say why"])
        }
        guard actionCount < Self.mostActions else {
            throw PluginError(503, ["Plugin \(name) runs \(actionCount) actions already: try again later"])
        }
        actionCount += 1
        defer { actionCount -= 1 }
        return try await client.ask(.action, body, within: Self.actionTime)
    }

    private func phaseChange() async { await withCheckedContinuation { waiters.append($0) } }

    private func perform(_ effect: PluginLifecycle.Effect) {
        switch effect {
        case .launch(let run, let configuration): Task { await launch(run, configuration) }
        case .configure(let run, let configuration): Task { await configure(run, configuration) }
        case .stop: if let client = active?.client { Task { await self.askToStop(client) } }
        case .kill: active?.process.kill()
        case .setAlarm(let alarm, let time):
            Task {
                try? await environment.tracker.environment.sleep(for: time)
                take(.alarm(alarm))
            }
        case .report(let errors): self.errors.show(errors.map(\.text))
        }
    }
}

/// A run, from its start to its end.
extension PluginRunner {
    private func launch(_ run: Int, _ configuration: PluginConfiguration) async {
        let (theirs, ours) = ("\(socket).plugin", "\(socket).server")
        do throws(ProgramError) {
            let launch = try programLaunch(configuration, sockets: [theirs, ours])
            let isMade = await BlockingPool.shared.run { [folder = launch.directory] in
                for path in [theirs, ours] { unlink(path) }
                return Folder.make(folder)
            }
            guard isMade else { throw ProgramError("the directory \(launch.directory) cannot be made") }
            let calls = try await PluginCallServer(socket: ours) { [weak self] call throws(PluginError) in
                guard let self else { throw PluginError(503, ["The plug-in is being ended"]) }
                return try await self.answer(call, run)
            }
            guard life.run == run, life.phase == .starting else {
                await calls.close()
                throw ProgramError("was not wanted any more")
            }
            start(launch, run, calls, socket: theirs)
        } catch {
            take(.ended(run: run, Identifier("cannot be started: \(error)")))
        }
    }

    private func programLaunch(
        _ configuration: PluginConfiguration, sockets: [String]
    ) throws(ProgramError) -> ProgramLaunch {
        let settings = environment.settings
        let token: String
        do throws(PluginError) {
            token = try environment.issueToken(name, environment.tracker.snapshot)
        } catch {
            throw ProgramError("there is no token for it: \(error.messages.joined(separator: "; "))")
        }
        return ProgramLaunch(
            path: "\(settings.programs)/\(configuration.provider.text)", arguments: ["listen"] + sockets,
            environment: [
                ("RS_ENDPOINT", endpoint), ("RS_TOKEN", token), ("RS_FILESERVER", settings.fileServer),
                ("RS_WEBROOT", settings.webRoot),
            ], directory: "\(settings.work)/\(name)", limits: settings.limits)
    }

    private func start(_ launch: ProgramLaunch, _ run: Int, _ calls: PluginCallServer, socket: String) {
        let output = PluginOutput(logger, environment.tracker.environment.clock)
        let process = PluginProcess(launch) { [weak self] line in
            guard line.hasSameUTF8(as: "READY!") else { return output.log(line) }
            Task { await self?.take(.ready(run: run)) }
        } onEnd: { [weak self] reason in
            Task { await self?.end(run, reason) }
        }
        active = ActiveRun(process: process, calls: calls, client: PluginClient(http, socket: socket))
        logger.info("a plug-in is started", metadata: ["run": "\(run)"])
    }

    private func end(_ run: Int, _ reason: String) async {
        logger.info("a plug-in has ended", metadata: ["run": "\(run)", "how": "\(reason)"])
        active?.events?.cancel()
        await active?.calls.close()
        active = nil
        take(.ended(run: run, Identifier(reason)))
    }

    private func configure(_ run: Int, _ configuration: PluginConfiguration) async {
        guard let active else { return }
        do throws(PluginError) {
            let body = JSONValue.object(configuration.parameters).canonicalBytes()
            _ = try await active.client.ask(.config, body, within: PluginLifecycle.configurationTime)
            if configuration.hasPublish, life.run == run { self.active?.events = publishing(to: active.client) }
            take(.configured(run: run))
        } catch  where error.code == 502 || error.code == 504 {
            take(.leaving(run: run, Identifier(error.messages.joined(separator: "; "))))
            active.process.kill()
        } catch {
            take(.refused(run: run, error.messages.map { Identifier($0) }))
        }
    }

    private func askToStop(_ client: PluginClient) async {
        do throws(PluginError) {
            _ = try await client.ask(.stop, Array("{}".utf8), within: PluginLifecycle.stopTime)
        } catch {
            logger.debug("a plug-in does not answer to stop", metadata: ["cause": "\(error.messages)"])
        }
    }

    /// Tells the plug-in of all events from now on.
    private func publishing(to client: PluginClient) -> Task<Void, Never> {
        let (feed, logger) = (environment.tracker.events, logger)
        return Task { await PluginEvents(feed, client, logger).run() }
    }
}
