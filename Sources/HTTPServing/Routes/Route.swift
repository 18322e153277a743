import Basics
package import HTTPTypes

/// One thing that a facade answers, as data: what is asked, what asking requires, and who answers.
package final class Route<Session: FacadeSession>: Sendable, CustomStringConvertible {
    /// The HTTP method. A `GET` route answers `HEAD` too, unless there is one of its own.
    package let method: HTTPRequest.Method
    /// Which paths.
    package let pattern: RoutePattern
    /// What the caller must be allowed to do.
    package let requirement: Session.Requirement
    /// What the request's body must be.
    package let body: Body.Kind
    /// What it understands of a request beside its path and body.
    package let inputs: RouteInputs
    /// The header fields that all its answers have; nil for those of the facade.
    package let headers: HeaderPolicy?
    /// Answers.
    package let handler: Handler
    /// Whether the path lies below the facade's base.
    package let isBelowBase: Bool

    /// Answers a request as far as it can without waiting. What it throws is shown as the facade shows errors.
    ///
    /// It is called on the event loop of the connection, so it must not block, nor take long: what may, goes into a task.
    package typealias Handler = @Sendable (RequestContext<Session>) throws -> Reply

    /// Where a route's path begins.
    package enum Base: Sendable {
        /// Below the facade's base.
        case facade
        /// At the root of the listener, beside the facade's base.
        case root
    }

    /// A route that answers, or begins to, without waiting.
    ///
    /// - Parameters:
    ///   - pattern: its path below `base`.
    ///   - requirement: what the caller must be allowed to do.
    ///   - body: what the body must be.
    ///   - inputs: what it understands of a request beside that.
    ///   - headers: the header fields that all its answers have; nil for those of the facade.
    ///   - base: where the path begins.
    package init(
        _ method: HTTPRequest.Method, _ pattern: String, _ requirement: Session.Requirement, body: Body.Kind = .none,
        inputs: RouteInputs = .none, headers: HeaderPolicy? = nil, base: Base = .facade,
        immediate handler: @escaping Handler
    ) {
        self.method = method
        self.pattern = RoutePattern(pattern, below: base == .facade ? Session.basePath : "")
        self.requirement = requirement
        self.body = body
        self.inputs = inputs
        self.headers = headers
        self.handler = handler
        isBelowBase = base == .facade
    }

    /// A route that answers in a task, where it may wait and take its time.
    package convenience init(
        _ method: HTTPRequest.Method, _ pattern: String, _ requirement: Session.Requirement, body: Body.Kind = .none,
        inputs: RouteInputs = .none, headers: HeaderPolicy? = nil, base: Base = .facade,
        _ handler: @escaping @Sendable (RequestContext<Session>) async throws -> Answer
    ) {
        self.init(method, pattern, requirement, body: body, inputs: inputs, headers: headers, base: base) { context in
            .task { try await handler(context) }
        }
    }

    /// The same route, which understands `inputs`.
    package func taking(_ inputs: RouteInputs) -> Route {
        Route(taking: inputs, self)
    }

    private init(taking inputs: RouteInputs, _ other: Route) {
        (method, pattern, requirement, body) = (other.method, other.pattern, other.requirement, other.body)
        (headers, handler, isBelowBase) = (other.headers, other.handler, other.isBelowBase)
        self.inputs = inputs
    }

    /// `GET /api/v3/machines`.
    package var description: String { "\(method) \(pattern)" }
}

/// What a handler has to say without waiting.
package enum Reply: Sendable {
    /// The answer.
    case answer(Answer)
    /// The answer comes later, by itself: `begin` starts what leads to it, and calls back once, on any thread.
    case pending(_ begin: @Sendable (_ done: @escaping Completion) -> Void)
    /// The answer takes a task, since something is to be waited for or takes long. The task runs away from event loops.
    case task(_ work: @Sendable () async throws -> Answer)

    /// Takes the answer, or why there is none.
    package typealias Completion = @Sendable (Result<Answer, any Error>) -> Void

    /// The answer that `work` gives, which takes a while and waits for nobody: one of the threads for such work makes it.
    package static func blocking(_ work: @escaping @Sendable () throws -> Answer) -> Reply {
        .pending { done in BlockingPool.shared.submit { done(Result { try work() }) } }
    }

    /// The answer, waited for.
    package var value: Answer {
        get async throws {
            switch self {
            case .answer(let answer): answer
            case .pending(let begin):
                try await withCheckedThrowingContinuation { continuation in begin { continuation.resume(with: $0) } }
            case .task(let work): try await work()
            }
        }
    }
}
