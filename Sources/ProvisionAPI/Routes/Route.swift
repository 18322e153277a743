public import HTTPServing
public import HTTPTypes
import Hummingbird

/// One thing that the API answers, as data: what is asked, what asking requires, and who answers.
public final class Route: Sendable, CustomStringConvertible {
    /// The HTTP method. A `GET` route answers `HEAD` too, unless there is one of its own.
    public let method: HTTPRequest.Method
    /// Which paths.
    public let pattern: RoutePattern
    /// What the caller must be allowed to do.
    public let requirement: AccessRequirement
    /// What the request's body must be.
    let body: BodyKind
    /// Whether answering takes so little time that the connection's event loop may do it, while others wait.
    let isBrief: Bool
    /// Answers without waiting, where it can; nil if the route always has to wait.
    let quick: QuickHandler?
    /// What is to be written, of a route that writes one object.
    let write: WriteHandler?
    let handler: Handler
    /// Whether the path lies below `/api/v3`.
    let isAPI: Bool

    /// Answers a call; what it throws becomes an error of C §3.
    typealias Handler = @Sendable (RequestContext) async throws -> Answer

    /// Answers a call at once, or not at all; then the other handler is asked.
    typealias QuickHandler = @Sendable (RequestContext) throws -> Answer?

    /// Finds out what a call wants written.
    typealias WriteHandler = @Sendable (RequestContext) throws -> ObjectWrite

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
    ///   - isBrief: whether answering takes little time; what may take more, the handler does elsewhere.
    ///   - quick: answers brief calls that need not wait.
    ///   - write: of a route that writes one object, what.
    ///   - base: where the path begins.
    init(
        _ method: HTTPRequest.Method, _ pattern: String, _ requirement: AccessRequirement, body: BodyKind = .none,
        isBrief: Bool = false, quick: QuickHandler? = nil, write: WriteHandler? = nil, base: Base = .api,
        _ handler: @escaping Handler
    ) {
        self.method = method
        self.pattern = RoutePattern(pattern, below: base.rawValue)
        self.requirement = requirement
        self.body = body
        self.isBrief = isBrief || quick != nil
        self.quick = quick
        self.write = write
        self.handler = handler
        isAPI = base == .api
    }

    /// A route that writes one object.
    convenience init(
        _ method: HTTPRequest.Method, _ pattern: String, _ requirement: AccessRequirement, body: BodyKind,
        isBrief: Bool,
        write: @escaping WriteHandler
    ) {
        self.init(method, pattern, requirement, body: body, isBrief: isBrief, write: write) { call in
            try await call.write(write(call))
        }
    }

    /// `GET /api/v3/machines`.
    public var description: String { "\(method) \(pattern)" }

}
