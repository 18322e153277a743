import Access
import Basics
import HTTPServing
import HTTPTypes
import Logging
import Synchronization
import Tracker

/// `/api/v3` as a facade: dr-provision's wire format over the tracker.
enum ProvisionFacade {
    /// The facade.
    static func make(_ services: Services, _ routes: [Route]) -> Facade<ProvisionSession> {
        Facade(
            paths: .provision(endpoint: services.configuration.endpointID), routes: routes,
            authentication: authentication(services),
            authorize: { call in
                try call.authorize()
                try call.refuseUnusedConditions()
            }, answer: answer,
            webSocket: WebSocketEndpoint(clock: services.tracker.environment.clock) { request in
                await socket(request, services)
            },
            errors: refusal)
    }

    private static func authentication(_ services: Services) -> Authentication<ProvisionSession> {
        let authenticator = services.requestAuthenticator
        return Authentication(.provision) { request, route in
            let snapshot = services.tracker.snapshot
            guard route.requirement != .nothing else { return session(request, nil, snapshot, services) }
            guard let credentials = request.credentials(.provision),
                let principal = try authenticator.knownPrincipal(credentials, in: snapshot, request.audit)
            else { return nil }
            return session(request, principal, snapshot, services)
        } waiting: { request, _ in
            let snapshot = services.tracker.snapshot
            let credentials = await authenticator.credentials(of: request)
            let principal = try await authenticator.principal(credentials, in: snapshot, request.audit)
            return session(request, principal, snapshot, services)
        }
    }

    /// The session of a request. It may raise the log's level for itself, and have a text logged (C §2).
    private static func session(
        _ request: ServerRequest, _ principal: Principal?, _ snapshot: Snapshot, _ services: Services
    ) -> ProvisionSession {
        var logger = request.source.logger
        if let principal {
            if let level = request.headers.value(of: .logRequest).flatMap(Logger.Level.init(wireName:)) {
                // Nobody makes the log say less of what they do.
                logger.logLevel = min(level, logger.logLevel)
            }
            if let token = request.headers.value(of: .logToken) {
                AuditLog(logger: logger, id: request.id, address: request.address).log(
                    .error, "\(AuditLog.printable(token))", ["principal": "\(principal.displayed)"])
            }
        }
        return ProvisionSession(services: services, principal: principal, snapshot: snapshot, logger: logger)
    }

    /// Answers by the route's handler. Questions to the past, and writes that may come a second time, have something looked
    /// up first.
    private static func answer(_ call: RequestContext) throws -> Reply {
        let isRepeatable =
            call.method != .get && call.method != .head && call.request.headers.has(.idempotencyKey)
        guard isRepeatable || call.asksForPast else { return try call.route.handler(call) }
        return .task { try await call.services.idempotency.answer(call.atTime()) }
    }

    /// What the client is told of an error. The cause of a defect goes to the log.
    private static func refusal(
        _ error: any Error, _ request: ServerRequest?, _ logger: Logger
    ) -> Answer {
        let method = request?.method ?? .get
        switch error {
        case let error as APIError: return error.answer
        case let error as HTTPError: return APIError(error, request).answer
        case let error as TrackerError where error.code != .internalFault:
            var answer = APIError(error, to: method).answer
            answer.isDenied = error.code == .denied || error.code == .hidden
            return answer
        case let error as AccessError:
            var answer = APIError(error, to: method).answer
            answer.isDenied = error.code == .denied
            return answer
        default:
            AuditLog(logger: logger, id: request?.id, address: request?.address).log(
                .error, "a request failed for no fault of the client", ["cause": "\(error)"])
            return APIError.defect(method, request?.path.path ?? "", id: request?.id.description ?? "").answer
        }
    }

    /// Who serves a client that asks for a websocket; nil if it is at another place, or nobody we know.
    private static func socket(_ request: ServerRequest, _ services: Services) async -> WebSocketEndpoint.Session? {
        let path = request.path
        let isPlace = path.segments.first == "ws" && path.segments.count <= 2
        guard request.method == .get, path.isBelowBase, isPlace else { return nil }
        if path.segments.count == 2, path.segments[1] != services.configuration.endpointID { return nil }
        let audit = AuditLog(logger: request.source.logger, id: nil, address: request.source.address)
        let credentials = await services.requestAuthenticator.credentials(of: request)
        guard let watcher = try? await WatcherCredentials(credentials, services, audit) else { return nil }
        audit.log(.info, "websocket", ["principal": "\(watcher.principal.displayed)"])
        let admitted = AdmittedCredentials(watcher)
        return { channel, inbox, logger in
            await SocketSession.run(channel, inbox, admitted, services, logger: logger)
        }
    }
}

extension ServerRequest {
    /// Where lines of the log about the request go while nobody knows who asks.
    var audit: AuditLog { AuditLog(logger: source.logger, id: id, address: address) }
}

/// The credentials of a client on their way from the request to the session. They are large: as values they would have a place in
/// the memory of every task that hands them on, for as long as the client watches.
final class AdmittedCredentials: Sendable {
    private let credentials: Mutex<WatcherCredentials?>

    /// The credentials of who was let in.
    init(_ credentials: WatcherCredentials) { self.credentials = Mutex(credentials) }

    /// Takes them out; nil if they have been taken.
    func take() -> WatcherCredentials? {
        credentials.withLock { credentials in
            defer { credentials = nil }
            return credentials
        }
    }
}
