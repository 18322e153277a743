import Basics
package import HTTPTypes
import JSON
import NIOCore

/// The one way of a request through a facade: route, caller, body, rights, handler, answer.
///
/// `begin` goes along it as far as that takes no waiting. Where something has to be waited for, it hands out a task that
/// goes on from there, with what is known by then: nothing is looked at twice, and there is nothing that only one of the
/// two does.
package final class RequestPipeline<Session: FacadeSession>: RequestResponder {
    package let facade: Facade<Session>
    let terms: ServingTerms
    private let reader: BodyReader

    /// The pipeline of a facade.
    package init(_ facade: Facade<Session>, _ terms: ServingTerms) {
        (self.facade, self.terms) = (facade, terms)
        reader = BodyReader(limit: terms.bodyLimit)
    }

    package var webSocket: WebSocketEndpoint? { facade.webSocket }

    package func owns(_ target: String) -> Bool { RequestPath(target, facade.paths).isBelowBase }

    package func shownCredentials(_ headers: HTTPFields) -> Credentials? {
        facade.authentication.credentials.fields(headers)
    }

    package func request(_ head: HTTPRequest, shown: Credentials?, from source: RequestSource) -> ServerRequest {
        let path = RequestPath(ServerRequest.target(of: head), facade.paths)
        return ServerRequest(
            head, shown: shown, path, route: facade.routes.current.number(head.method, path), from: source,
            behind: terms.trustedProxies)
    }

    package func streamsBody(of request: ServerRequest) -> Bool {
        guard let route = request.route, case .streamed = facade.routes.current.routes[route].body else { return false }
        return true
    }

    package func begin(
        _ request: ServerRequest, _ body: IncomingBody, then done: @escaping @Sendable (Answer) -> Void
    ) -> Step {
        guard let route = request.route.map({ facade.routes.current.routes[$0] }) ?? facade.fallback else {
            return .answer(refused(HTTPError(404, .noRoute, "No route"), request, nil))
        }
        do {
            guard let session = try facade.authentication.immediate(request, route) else {
                return .task { try await self.answer(request, route, body, nil) }
            }
            return proceed(request, route, body, session, done)
        } catch {
            return .answer(refused(error, request, nil))
        }
    }

    /// Goes on with a request whose caller is known.
    private func proceed(
        _ request: ServerRequest, _ route: Route<Session>, _ body: IncomingBody, _ session: Session,
        _ done: @escaping @Sendable (Answer) -> Void
    ) -> Step {
        do {
            guard let body = try reader.parse(body, of: request.head, as: route.body) else {
                return .task { try await self.answer(request, route, body, session) }
            }
            switch try reply(to: RequestContext(request, route, body, session)) {
            case .answer(let answer): return .answer(finished(answer, request, session))
            case .pending(let begin):
                let loop = request.source.channel.eventLoop
                begin { result in loop.execute { done(self.concluded(result, request, session)) } }
                return .pending
            case .task(let work):
                return .task {
                    try await self.concluding(request, session) { session in try await work() }
                }
            }
        } catch {
            return .answer(refused(error, request, session))
        }
    }

    /// Answers in a task.
    ///
    /// - Parameter session: who asks, if that is known already.
    private func answer(
        _ request: ServerRequest, _ route: Route<Session>, _ body: IncomingBody, _ session: Session?
    ) async throws -> Answer {
        try await concluding(request, session) { [self] session in
            let known =
                if let session { session } else { try await facade.authentication.waiting(request, route) }
            session = known
            let body = try await reader.read(body.parts, of: request.head, as: route.body)
            return try await reply(to: RequestContext(request, route, body, known)).value
        }
    }

    /// What the handler has to say to a request whose body is there, if the caller may make it.
    private func reply(to context: RequestContext<Session>) throws -> Reply {
        if (context.route.inputs.others ?? facade.unknownArguments) == .refused { try checkArguments(context) }
        try facade.authorize(context)
        return try facade.answer(context)
    }

    private func checkArguments(_ context: RequestContext<Session>) throws(HTTPError) {
        let known = context.route.inputs.arguments
        guard let other = context.query.all.first(where: { !known.contains(.init($0.name)) })?.name else { return }
        let names = known.sorted().map(\.text)
        throw HTTPError(
            400, .unknownArgument(Identifier(other), known: known.sorted()),
            names.isEmpty
                ? "`\(other)` is no argument: there are none here"
                : "`\(other)` is none of the arguments \(names.joined(separator: ", "))")
    }

    /// The answer that `work` gives, or a refusal for what it throws, as it is sent.
    ///
    /// - Throws: what breaks the connection.
    private func concluding(
        _ request: ServerRequest, _ known: Session?, _ work: (inout Session?) async throws -> Answer
    ) async throws -> Answer {
        var session = known
        do {
            let answer = try await work(&session)
            return finished(answer, request, session)
        } catch let failure as ConnectionFailure {
            throw failure.cause
        } catch {
            return refused(error, request, session)
        }
    }
}
