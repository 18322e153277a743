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
        var visit = Visit(
            request, context.logger, from: context.address, endpoint: services.configuration.endpointID)
        var response: Response
        do {
            response = try await answer(request, context, &visit)
            if request.method == .head { response = response.createHeadResponse() }
        } catch let failure as ConnectionFailure {
            throw failure.cause
        } catch {
            response = visit.refusal(error).response(to: request.method)
        }
        response.headers[.requestID] = visit.id.description
        response.headers.addSafeguards()
        services.metrics.count(status: response.status.code)
        visit.log(response.status)
        return response
    }

    private func answer(
        _ request: Request, _ source: RequestSource, _ visit: inout Visit
    ) async throws -> Response {
        guard let route = table.route(request.method, visit.path) else {
            throw APIError.noRoute(request.method, visit.path.path)
        }
        let snapshot = services.tracker.snapshot
        var principal: Principal?
        if route.need != .nothing {
            principal = try await self.principal(request, source, visit, snapshot)
            visit.principal = principal
            visit.applyLogHeaders(request.headers)
        }
        let body = try await BodyReader(limit: services.configuration.bodyLimit).read(request, as: route.body)
        let call = Call(
            id: visit.id, route: route, path: visit.path, request: request, body: body, principal: principal,
            snapshot: snapshot, services: services, channel: source.channel, logger: visit.logger)
        do {
            try call.authorize()
        } catch {
            services.metrics.countDenied()
            throw error
        }
        return try await services.writesAgain.answer(call.atTime())
    }

    private func principal(
        _ request: Request, _ source: RequestSource, _ visit: Visit, _ snapshot: Snapshot
    ) async throws(AccessError) -> Principal {
        let door = services.door
        let credentials = await door.credentials(request.headers, visit.path.query, source.channel)
        return try await door.principal(credentials, in: snapshot, visit.trail)
    }
}
