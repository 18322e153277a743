import Access
import HTTPServing
import HTTPTypes
public import Hummingbird
import Logging
import Tracker

/// Answers requests: finds the route, the caller and the body, asks whether the caller may, and has the handler answer.
public struct Responder: HTTPResponder {
    let services: Services
    let table: RouteTable

    /// Answers one request. Refusals are answers too; only what breaks the connection is thrown.
    public func respond(to request: Request, context: RequestSource) async throws -> Response {
        let incoming = ServerRequest(head: request.head, body: request.body)
        return try await answer(incoming, routed(request.head, context)).response
    }

    /// What a request with this head asks.
    ///
    /// - Parameter credentials: what the head's fields show of who asks, if that is known.
    func routed(_ head: HTTPRequest, _ source: RequestSource, credentials: Credentials? = nil) -> RoutedRequest {
        let configuration = services.configuration
        return RoutedRequest(
            head, credentials, from: source, endpoint: configuration.endpointID, behind: configuration.trustedProxies,
            table)
    }

    /// Answers `routed`, whose request `request` is, body included.
    ///
    /// - Throws: what breaks the connection.
    func answer(_ request: ServerRequest, _ routed: RoutedRequest) async throws -> Answer {
        var logContext = RequestLogContext(routed)
        do {
            let answer = try await handled(request, &logContext)
            return finished(request.method == .head ? answer.withoutBody() : answer, logContext)
        } catch let failure as ConnectionFailure {
            throw failure.cause
        } catch {
            return finished(refusal(error, logContext), logContext)
        }
    }

    private func handled(_ request: ServerRequest, _ logContext: inout RequestLogContext) async throws -> Answer {
        let routed = logContext.routed
        guard let route = routed.route else { throw APIError.noRoute(request.method, routed.path.path) }
        let snapshot = services.tracker.snapshot
        var principal: Principal?
        if route.requirement != .nothing {
            principal = try await self.principal(logContext, snapshot)
            logContext.principal = principal
            logContext.applyLogHeaders(request.headers)
        }
        let body = try await BodyReader(limit: services.configuration.bodyLimit).read(request, as: route.body)
        let call = RequestContext(
            routed: routed, route: route, request: request, body: body, principal: principal, snapshot: snapshot,
            services: services, logger: logContext.logger)
        try call.authorize()
        try call.refuseUnusedConditions()
        return try await services.idempotency.answer(call.atTime())
    }

    /// What the client is told of an error; refusals for want of rights are counted.
    func refusal(_ error: any Error, _ logContext: RequestLogContext) -> Answer {
        var answer = logContext.refusal(error).answer(to: logContext.routed.head.method)
        answer.isDenied = Self.isDenial(error)
        if answer.isDenied { services.metrics.countDenied() }
        return answer
    }

    /// Whether an error is for want of rights.
    private static func isDenial(_ error: any Error) -> Bool {
        switch error {
        case let error as AccessError: error.code == .denied
        case let error as TrackerError: error.code == .denied || error.code == .hidden
        default: false
        }
    }

    /// The answer with what all answers have; the logContext ends.
    func finished(_ answer: Answer, _ logContext: RequestLogContext) -> Answer {
        var answer = bounded(answer, logContext.routed.head.method)
        answer.headers[.date] = HTTPDate.now
        answer.headers[.requestID] = logContext.routed.id.description
        answer.headers.addSafeguards()
        services.metrics.count(status: answer.status.code)
        logContext.log(answer)
        return answer
    }

    private func bounded(_ answer: Answer, _ method: HTTPRequest.Method) -> Answer {
        do {
            return try services.answerBudget.counted(answer, isRead: method == .get || method == .head)
        } catch {
            return error.answer(to: method)
        }
    }

    private func principal(_ logContext: RequestLogContext, _ snapshot: Snapshot) async throws(AccessError) -> Principal
    {
        let (authenticator, routed) = (services.requestAuthenticator, logContext.routed)
        let credentials = await authenticator.credentials(
            routed.head.headerFields, routed.path.query, routed.source.channel)
        return try await authenticator.principal(credentials, in: snapshot, logContext.audit)
    }
}
