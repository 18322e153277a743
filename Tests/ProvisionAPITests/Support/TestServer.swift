import Access
import Basics
import Content
import HTTPTypes
import JSON
import Logging
import NIOCore
import Provisioning
import ServiceLifecycle
import Store
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// A server over a memory store with everything a first start gives it.
struct TestServer {
    let tracker: DataTracker
    let authenticator: Authenticator
    let logs = LogRing(capacity: 50)
    let server: MusterServer
    /// A token of the first user.
    let token: String
    /// The ports at which the server comes to listen.
    private let ports: AsyncStream<Int>

    init(
        store: any KeyValueStore = MemoryStore(), clock: any TimeSource = SystemClock(), logLevel: Logger.Level = .info,
        domains others: [Domain] = [], configure: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws {
        let domains = [Provisioning.domain()] + others
        let scopes = Scopes(.provisioning, domains)
        let catalog = Catalog(AccessTypes.guarding(domains, scopes: scopes, conventions: .provisioning))
        let packs = ContentPacks(catalog: catalog, features: Set(Features.all.map { Identifier($0) }))
        let basic = try BuiltIn.basicLayer(version: "v4.8.0", catalog: catalog)
        let environment = Environment(clock: clock)
        tracker = try DataTracker.open(
            store: store, catalog: catalog, writable: BuiltIn.writableMetadata, packs: [basic],
            environment: environment, logger: Logger(label: "test")
        ).tracker
        authenticator = Authenticator(scopes: scopes, environment: environment)
        try await Self.fill(tracker)
        var configuration = ServerConfiguration()
        configuration.endpointID = "Fred"
        configuration.port = 0
        configuration.host = "127.0.0.1"
        configure(&configuration)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        self.ports = ports
        configuration.onRunning = { listening.yield($0) }
        let logger = Logger(label: "test") { [logs] label in
            var handler = logs.handler(label: label, sink: SwiftLogNoOpLogHandler())
            handler.logLevel = logLevel
            return handler
        }
        server = MusterServer(
            tracker: tracker, packs: packs, authenticator: authenticator, logs: logs, configuration: configuration,
            logger: logger)
        let order = TokenRequest(.user(DefaultUser.name), grantor: DefaultUser.name, lifetime: .seconds(86_400))
        token = try authenticator.issueToken(order, in: tracker.snapshot)
    }

    /// What a first start writes; the password's hash is a cheap one.
    private static func fill(_ tracker: DataTracker) async throws {
        guard let cost = ScryptHash.Cost(rounds: 2, blockSize: 1, parallelism: 1),
            let hash = ScryptHash(password: DefaultUser.password, salt: [UInt8](repeating: 7, count: 16), cost: cost)
        else { throw TestFailure("no hash") }
        _ = try await tracker.commit(.system("test")) { draft throws(TrackerError) in
            try BuiltIn.firstBoot(in: &draft)
            try DefaultUser.account.create(in: &draft, hash: hash)
        }
    }

    /// The lines of the log, but for those that tell that a port is served.
    var lines: [LogLine] { logs.lines.filter { !$0.message.hasPrefix("Server started") } }

    /// Runs `body` with a browser that shows the first user's token, and reaches the server as the test says.
    func browse<Value: Sendable>(
        over transport: Transport = .current, _ body: @Sendable (Browser) async throws -> Value
    ) async throws -> Value {
        let authorization = "Bearer \(token)"
        switch transport {
        case .inProcess:
            return try await body(Browser(sender: PipelineSender(server: server), authorization: authorization))
        case .socket:
            return try await listening { port in
                let sender = SocketSender(port: port)
                let outcome = await Outcome { try await body(Browser(sender: sender, authorization: authorization)) }
                await sender.close()
                return try outcome.get()
            }
        }
    }

    /// Runs `body` while the server listens.
    func listening<Value: Sendable>(_ body: @Sendable (_ port: Int) async throws -> Value) async throws -> Value {
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(services: [server], logger: silent)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            guard let port = await ports.first(where: { _ in true }) else { throw TestFailure("no port") }
            let outcome = await Outcome { try await body(port) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try outcome.get()
        }
    }
}

/// What came of a body.
private enum Outcome<Value: Sendable>: Sendable {
    case value(Value)
    case error(any Error)

    init(_ body: () async throws -> Value) async {
        do {
            self = .value(try await body())
        } catch {
            self = .error(error)
        }
    }

    func get() throws -> Value {
        switch self {
        case .value(let value): value
        case .error(let error): throw error
        }
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Sends requests and reads answers.
struct Browser: Sendable {
    let sender: any RequestSender
    /// What `Authorization` says; nil to leave it out.
    var authorization: String?

    /// The same browser for someone else.
    func with(_ authorization: String?) -> Browser { Browser(sender: sender, authorization: authorization) }

    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> Answer {
        try await send(.get, path, headers: headers)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ json: JSONValue? = nil, headers: HTTPFields = [:]
    ) async throws -> Answer {
        try await send(method, path, bytes: json?.canonicalBytes(), headers: headers)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, bytes: [UInt8]?, headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if let authorization { headers[.authorization] = authorization }
        if bytes != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let head = HTTPRequest(
            method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers)
        return try await sender.send(head, bytes.map { ByteBuffer(bytes: $0) })
    }
}

/// What came back.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    /// The body as JSON; null if it is none.
    var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }

    /// The body as an error of C §3.
    var error: APIError {
        APIError(
            json["Code"]?.intValue ?? 0, json["Type"]?.stringValue ?? "?", of: json["Model"]?.stringValue ?? "?",
            key: json["Key"]?.stringValue ?? "?", (json["Messages"]?.arrayValue ?? []).compactMap(\.stringValue))
    }
}
