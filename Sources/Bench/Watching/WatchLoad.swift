import ArgumentParser
import NIOCore
import NIOPosix
import NIOSSL

/// Watchers of one type, while objects of it are created at a steady pace.
struct WatchLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch-load",
        abstract:
            "Create objects while others watch; print commits, their seconds, events told, events due, strays, and the "
            + "median and 99th percentile of the delay in milliseconds.")

    /// How long events may take after the last commit.
    private static let patience = Duration.seconds(60)

    @OptionGroup var server: ServerOptions
    @Option(help: "How many watchers.") var watchers = 1000
    @Option(help: "Commits a second.") var rate = 1000
    @Option(help: "How long to commit, in seconds.") var seconds = 10
    @Option(help: "How many writers.") var writers = 64
    @Option(help: "What names begin with; no other run may use it.") var prefix: String
    @Option(help: "The type to create objects of.") var type = "profiles"

    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let deliveries = Deliveries(watchers: watchers, commits: rate * seconds)
        let connector = try server.connector()
        try await connector.watch(
            watchers, filter: "\(type).create.*", prefix: prefix, deliveries, on: group.next())
        let (count, time) = try await commit(connector, deliveries, on: group.next())
        let end = ContinuousClock.now + Self.patience
        while deliveries.toldCount < count * watchers, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(20))
        }
        // What comes twice comes later.
        try await Task.sleep(for: .milliseconds(200))
        let told = deliveries.toldCount
        let (median, p99) = deliveries.delays()
        Report.text("\(count) \(time) \(told) \(count * watchers) \(deliveries.strayCount) \(median) \(p99)\n")
        try await group.shutdownGracefully()
    }

    /// Commits at the pace for the time; how many commits were acknowledged, and in how many seconds.
    private func commit(
        _ connector: Connector, _ deliveries: Deliveries, on loop: any EventLoop
    ) async throws -> (Int, Double) {
        let done = loop.makePromise(of: Void.self)
        let (rate, seconds) = (rate, seconds)
        let work = try await loop.submit { NIOLoopBound(CommitWork(deliveries, done: done), eventLoop: loop) }.get()
        for _ in 0..<writers {
            try await connector.connect(on: loop) { [type, prefix] in
                CommittingClient(token: connector.token, path: type, prefix: prefix, work.value)
            }
        }
        let start = ContinuousClock.now
        let pace = loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(2)) { _ in
            let elapsed = start.duration(to: .now).inSeconds
            work.value.isDue(Int(elapsed * Double(rate)))
            if elapsed > Double(seconds) { work.value.end() }
        }
        try await done.futureResult.get()
        let time = start.duration(to: .now).inSeconds
        pace.cancel()
        return (try await loop.submit { work.value.count }.get(), time)
    }
}

/// Watchers who have nothing to hear.
struct WatchIdle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch-idle", abstract: "Connect watchers, print `ready`, and hold them until ended.")

    @OptionGroup var server: ServerOptions
    @Option(help: "How many watchers.") var watchers = 10_000

    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let deliveries = Deliveries(watchers: 0, commits: 0)
        let connector = try server.connector()
        try await connector.watch(watchers, filter: "profiles.create.nobody", prefix: "", deliveries, on: group.next())
        Report.text("ready\n")
        try await Task.sleep(for: .seconds(3600))
    }
}

/// The server that is measured.
struct ServerOptions: ParsableArguments {
    @Option(help: "The port of its API, on this host.") var port: Int
    @Option(help: "A token.") var token: String

    /// What connects to it.
    func connector() throws -> Connector { try Connector(port: port, token: token) }
}

/// Connects to the server over TLS. Certificates are not looked at.
struct Connector: Sendable {
    /// How many watchers connect at once: no more than the server lets wait.
    private static let openedAtOnce = 100

    let token: String
    private let port: Int
    private let tls: NIOSSLContext

    init(port: Int, token: String) throws {
        self.port = port
        self.token = token
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        tls = try NIOSSLContext(configuration: configuration)
    }

    /// Connects, with whatever `handler` makes at the end of the connection.
    func connect(on loop: any EventLoop, _ handler: @escaping @Sendable () -> any ChannelHandler) async throws {
        let bootstrap = ClientBootstrap(group: loop).channelInitializer { [tls] channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: nil))
                try pipeline.addHandler(handler())
            }
        }
        _ = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
    }

    /// Connects watchers, and returns once all are registered.
    func watch(
        _ count: Int, filter: String, prefix: String, _ deliveries: Deliveries, on loop: any EventLoop
    ) async throws {
        for first in stride(from: 0, to: count, by: Self.openedAtOnce) {
            let promises = (first..<min(count, first + Self.openedAtOnce)).map { ($0, loop.makePromise(of: Void.self)) }
            for (number, ready) in promises {
                try await connect(on: loop) { [token] in
                    WatchingClient(number, token: token, filter: filter, prefix: prefix, deliveries, ready: ready)
                }
            }
            for (_, ready) in promises { try await ready.futureResult.get() }
        }
    }
}
