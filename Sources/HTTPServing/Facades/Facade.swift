package import Logging

/// A wire format over HTTP, as a value: everything that tells one API from another on the same server.
///
/// A facade says where its paths begin, what it answers, how callers make themselves known and what they may do, and how errors
/// look. `RequestPipeline` does the rest the same way for all: it finds the route, reads the body, asks who comes and whether
/// they may, calls the handler, and sends, counts and logs the answer. Several facades may share a `Listener`; then paths below a
/// facade's base are its own, and all others belong to the first.
///
/// ```swift
/// struct Visit: FacadeSession {
///     static let basePath = "/v1"
///     enum Requirement { case nothing, key }
///     let caller: String?
///     let logger: Logger
/// }
///
/// let facade = Facade<Visit>(
///     routes: [
///         Route(.get, "/things/{id}", .key, immediate: { .answer(.json(thing(numbered: $0["id"]))) }),
///         Route(.post, "/things", .key, body: .json) { try await create($0.json) },
///     ],
///     authentication: Authentication(.field(.apiKey)) { request, route, credentials in visit(of: credentials) },
///     unknownArguments: .refused,
///     errors: { error, request, logger in .json(["error": "\(error)"], status: .badRequest) })
/// ```
package struct Facade<Session: FacadeSession>: Sendable {
    /// How it reads paths.
    package var paths: PathRules
    /// What it answers.
    package let routes: RouteTableReference<Session>
    /// Who asks.
    package var authentication: Authentication<Session>
    /// Lets a request pass, or throws why it may not; its body is read and parsed by then.
    package var authorize: @Sendable (RequestContext<Session>) throws -> Void
    /// Answers a request that may pass: by its route's handler, unless the facade puts something around all of them.
    package var answer: Route<Session>.Handler
    /// What becomes of arguments that a route does not understand.
    package var unknownArguments: UnknownArguments
    /// How an error looks. What is no refusal but a defect goes to the log, and not to the client.
    package var errors: ErrorRenderer
    /// The header fields that all answers have.
    package var headers: HeaderPolicy
    /// Whether answers name their request, and its line goes to the log.
    package var isLogged: Bool
    /// Where a WebSocket may be asked for; nil if nowhere.
    package var webSocket: WebSocketEndpoint?
    /// Answers what no route does, once it is known who asks; nil to refuse it with status 404 before that. Its own method and
    /// pattern do not matter.
    package var fallback: Route<Session>?

    /// Makes an answer of an error.
    ///
    /// - Parameters:
    ///   - request: the request; nil for a head that cannot be parsed.
    ///   - logger: where the cause of a defect goes.
    package typealias ErrorRenderer =
        @Sendable (_ error: any Error, _ request: ServerRequest?, _ logger: Logger) -> Answer

    /// A facade.
    ///
    /// - Parameters:
    ///   - paths: how it reads paths; by default those below the session's base, as they are.
    ///   - routes: what it answers; two with one method and pattern are a programmer error.
    ///   - authentication: who asks.
    ///   - authorize: lets a request pass, or throws why it may not. By default whoever is known may do everything.
    ///   - answer: answers a request that may pass; by default its route's handler does.
    ///   - unknownArguments: what becomes of arguments that a route does not understand.
    ///   - headers: the header fields that all answers have.
    ///   - isLogged: whether answers name their request, and its line goes to the log.
    ///   - webSocket: where a WebSocket may be asked for.
    ///   - fallback: answers what no route does.
    ///   - errors: how an error looks.
    package init(
        paths: PathRules = PathRules(base: Session.basePath), routes: [Route<Session>],
        authentication: Authentication<Session>,
        authorize: @escaping @Sendable (RequestContext<Session>) throws -> Void = { _ in },
        answer: @escaping Route<Session>.Handler = { try $0.route.handler($0) },
        unknownArguments: UnknownArguments = .ignored, headers: HeaderPolicy = .data, isLogged: Bool = true,
        webSocket: WebSocketEndpoint? = nil, fallback: Route<Session>? = nil, errors: @escaping ErrorRenderer
    ) {
        (self.paths, self.routes, self.authentication) = (
            paths, RouteTableReference(RouteTable(routes)), authentication
        )
        (self.authorize, self.answer, self.unknownArguments) = (authorize, answer, unknownArguments)
        (self.headers, self.isLogged, self.webSocket, self.errors) = (headers, isLogged, webSocket, errors)
        self.fallback = fallback
    }
}

/// Who asks, as a facade finds it out.
package struct Authentication<Session: FacadeSession>: Sendable {
    /// Finds out who asks a route.
    ///
    /// - Returns: nil if that cannot be told without waiting.
    package typealias Immediate = @Sendable (ServerRequest, Route<Session>) throws -> Session?
    /// Finds out who asks a route, and waits for that if need be.
    package typealias Waiting = @Sendable (ServerRequest, Route<Session>) async throws -> Session

    /// Where credentials are shown.
    package let credentials: CredentialReader
    /// Finds out who asks, if that takes no waiting.
    package let immediate: Immediate
    /// Finds out who asks; only asked if that takes waiting.
    package let waiting: Waiting

    /// An authentication that may have to wait: for a password to be hashed, or a certificate to be looked at.
    package init(
        _ credentials: CredentialReader, immediate: @escaping Immediate, waiting: @escaping Waiting
    ) {
        (self.credentials, self.immediate, self.waiting) = (credentials, immediate, waiting)
    }

    /// An authentication that never waits.
    ///
    /// - Parameter identify: throws if the route requires an account and the credentials, or the lack of any, are no good.
    package init(
        _ credentials: CredentialReader,
        identify: @escaping @Sendable (ServerRequest, Route<Session>, Credentials?) throws -> Session
    ) {
        self.init(credentials) { request, route in
            try identify(request, route, request.credentials(credentials))
        } waiting: { request, route in
            try identify(request, route, request.credentials(credentials))
        }
    }
}
