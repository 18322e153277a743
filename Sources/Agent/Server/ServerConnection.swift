import Basics
import Client
import JSON
import Logging

/// The server as an agent asks it: with the token of one machine, and again for as long as nobody answers.
struct ServerConnection: Sendable {
    /// Where the server is.
    let address: ServerAddress
    /// The token that is sent.
    let token: String
    private let client: MusterClient
    private let trust: CertificateTrust
    private let logger: Logger

    /// How long the server may hold a request until something changes, in seconds. Shorter than what usual firewalls remember.
    static let longPoll = 120

    /// A connection; nothing is sent yet.
    init(_ address: ServerAddress, token: String, trust: CertificateTrust, logger: Logger) {
        (self.address, self.token, self.trust, self.logger) = (address, token, trust, logger)
        var settings = ClientSettings(address: address, credentials: .token(token), trust: trust)
        settings.readSeconds = Self.longPoll + 30
        settings.retries = 0
        settings.userAgent = "muster-agent/\(ProductVersion.text)"
        client = MusterClient(settings)
    }

    /// The same server, asked with another token.
    func with(token: String) -> ServerConnection {
        ServerConnection(address, token: token, trust: trust, logger: logger)
    }

    /// Ends the connections.
    func close() async { await client.close() }

    /// Sends a request until it is answered. A write is known by its key, and so happens once however often it is sent.
    ///
    /// - Throws: `ClientError` for an answer that refuses, and of kind `unreachable` once the task is cancelled.
    @discardableResult
    func send(_ request: APIRequest) async throws(ClientError) -> APIResponse {
        var (request, backOff) = (request, BackOff())
        if !request.isRead { request.headers.append(("Idempotency-Key", Environment().uuid())) }
        while true {
            do throws(ClientError) {
                return try await client.send(request)
            } catch {
                guard Self.passes(error), !Task.isCancelled else { throw error }
                let pause = backOff.next()
                logger.warning(
                    "the server does not answer; trying again",
                    metadata: ["request": "\(request.summary)", "cause": "\(error)", "in": "\(pause)"])
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// Whether an error is one that ends by itself: no connection, a server that is starting or failing, or one that is asked
    /// too much.
    private static func passes(_ error: ClientError) -> Bool {
        switch error.kind {
        case .unreachable, .unavailable: true
        case .refused: error.status == 408 || error.status == 429
        // The same request is being answered still: its connection broke before.
        case .conflict: error.body?["Messages"]?.arrayValue?.first?.stringValue?.hasBytePrefix(isBeingAnswered) ?? false
        case .usage, .denied, .notFound, .untrusted, .malformed: false
        }
    }

    private static let isBeingAnswered = "A request with this Idempotency-Key is being answered"
}

extension ServerConnection {
    /// Changes members of an object.
    ///
    /// - Parameter test: what a member has to be before.
    /// - Returns: the object.
    /// - Throws: as `send`.
    @discardableResult
    func patch(
        _ path: [String], _ members: [(name: String, value: JSONValue)], test: (name: String, value: JSONValue)? = nil
    ) async throws(ClientError) -> JSONValue {
        func operation(_ kind: String, _ member: (name: String, value: JSONValue)) -> JSONValue {
            ["op": .string(kind), "path": .string("/" + member.name), "value": member.value]
        }
        let tests = test.map { [operation("test", $0)] } ?? []
        let body = JSONValue.array(tests + members.map { operation("replace", $0) })
        return try await send(APIRequest("PATCH", path, body: body)).json()
    }

    /// An object, as soon as it is another version than `etag`; nil if it still is that one after a while.
    ///
    /// - Parameter etag: empty to be answered at once.
    /// - Throws: as `send`.
    func get(_ path: [String], unless etag: String = "") async throws(ClientError) -> (object: JSONValue, etag: String)?
    {
        var request = APIRequest("GET", path)
        if !etag.isEmpty { request.headers = [("If-None-Match", etag), ("Prefer", "wait=\(Self.longPoll)")] }
        let answer = try await send(request)
        guard answer.status != 304 else { return nil }
        return (try answer.json(), answer.header("etag") ?? "")
    }
}

/// How long to wait before something is tried again: twice as long each time, up to half a minute, and never for all agents the
/// same.
struct BackOff: Sendable {
    private var attempts = 0
    private static let first = 0.25
    private static let longest = 30.0

    /// The next pause.
    ///
    /// - Parameter chance: a number from 0 to 1.
    mutating func next(_ chance: Double = .random(in: 0...1)) -> Duration {
        let whole = min(Self.longest, Self.first * Double(1 << min(attempts, 10)))
        attempts += 1
        return .seconds(whole * (0.5 + chance / 2))
    }
}
