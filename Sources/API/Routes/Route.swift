public import HTTPTypes
import Hummingbird

/// One thing that the API answers, as data: what is asked, what asking requires, and who answers.
public struct Route: Sendable, CustomStringConvertible {
    /// The HTTP method. A `GET` route answers `HEAD` too, unless there is one of its own.
    public let method: HTTPRequest.Method
    /// Which paths.
    public let pattern: RoutePattern
    /// What the caller must be allowed to do.
    public let need: Need
    /// What the request's body must be.
    let body: BodyKind
    let handler: Handler

    /// Answers a call; what it throws becomes an error of C §3.
    typealias Handler = @Sendable (Call) async throws -> Response

    /// What a request's body must be. It is read, checked and parsed before the handler runs.
    enum BodyKind: Sendable {
        /// Not read; what the client sent is skipped.
        case none
        /// Any JSON value.
        case json
        /// Any JSON value, or nothing, which counts as `null`.
        case optionalJSON
        /// A JSON patch.
        case patch
        /// Read by the handler, as it comes.
        case streamed
    }

    /// Where a route's path begins.
    enum Base: String, Sendable {
        case api = "/api/v3"
        case root = ""
    }

    /// A route.
    ///
    /// - Parameters:
    ///   - pattern: its path below `base`.
    ///   - need: what the caller must be allowed to do.
    ///   - body: what the body must be.
    ///   - base: where the path begins.
    init(
        _ method: HTTPRequest.Method, _ pattern: String, _ need: Need, body: BodyKind = .none,
        base: Base = .api, _ handler: @escaping Handler
    ) {
        self.method = method
        self.pattern = RoutePattern(pattern, below: base.rawValue)
        self.need = need
        self.body = body
        self.handler = handler
    }

    /// `GET /api/v3/machines`.
    public var description: String { "\(method) \(pattern)" }

    var isAPI: Bool { pattern.description.hasPrefix(Base.api.rawValue) }
}
