import Access
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
        return try await answer(incoming, inquiry(request.head, context)).response
    }

    /// What a request with this head asks.
    ///
    /// - Parameter credentials: what the head's fields show of who asks, if that is known.
    func inquiry(_ head: HTTPRequest, _ source: RequestSource, credentials: Credentials? = nil) -> RoutedRequest {
        let configuration = services.configuration
        return RoutedRequest(
            head, credentials, from: source, endpoint: configuration.endpointID, behind: configuration.trustedProxies,
            table)
    }

    /// Answers `inquiry`, whose request `request` is, body included.
    ///
    /// - Throws: what breaks the connection.
    func answer(_ request: ServerRequest, _ inquiry: RoutedRequest) async throws -> Answer {
        var visit = RequestLogContext(inquiry)
        do {
            let answer = try await handled(request, &visit)
            return finished(request.method == .head ? answer.withoutBody() : answer, visit)
        } catch let failure as ConnectionFailure {
            throw failure.cause
        } catch {
            return finished(refusal(error, visit), visit)
        }
    }

    private func handled(_ request: ServerRequest, _ visit: inout RequestLogContext) async throws -> Answer {
        let inquiry = visit.inquiry
        guard let route = inquiry.route else { throw APIError.noRoute(request.method, inquiry.path.path) }
        let snapshot = services.tracker.snapshot
        var principal: Principal?
        if route.need != .nothing {
            principal = try await self.principal(visit, snapshot)
            visit.principal = principal
            visit.applyLogHeaders(request.headers)
        }
        let body = try await BodyReader(limit: services.configuration.bodyLimit).read(request, as: route.body)
        let call = RequestContext(
            inquiry: inquiry, route: route, request: request, body: body, principal: principal, snapshot: snapshot,
            services: services, logger: visit.logger)
        try call.authorize()
        try call.refuseUnusedConditions()
        return try await services.writesAgain.answer(call.atTime())
    }

    /// What the client is told of an error; refusals for want of rights are counted.
    func refusal(_ error: any Error, _ visit: RequestLogContext) -> Answer {
        switch error {
        case let error as AccessError where error.code == .denied: services.metrics.countDenied()
        case let error as TrackerError where error.code == .denied: services.metrics.countDenied()
        default: break
        }
        return visit.refusal(error).answer(to: visit.inquiry.head.method)
    }

    /// The answer with what all answers have; the visit ends.
    func finished(_ answer: Answer, _ visit: RequestLogContext) -> Answer {
        var answer = bounded(answer, visit.inquiry.head.method)
        answer.headers[.date] = HTTPDate.now
        answer.headers[.requestID] = visit.inquiry.id.description
        answer.headers.addSafeguards()
        services.metrics.count(status: answer.status.code)
        visit.log(answer.status)
        return answer
    }

    private func bounded(_ answer: Answer, _ method: HTTPRequest.Method) -> Answer {
        do {
            return try services.answerBudget.counted(answer, isRead: method == .get || method == .head)
        } catch {
            return error.answer(to: method)
        }
    }

    private func principal(_ visit: RequestLogContext, _ snapshot: Snapshot) async throws(AccessError) -> Principal {
        let (door, inquiry) = (services.door, visit.inquiry)
        let credentials = await door.credentials(
            inquiry.head.headerFields, inquiry.path.query, inquiry.source.channel)
        return try await door.principal(credentials, in: snapshot, visit.trail)
    }
}
