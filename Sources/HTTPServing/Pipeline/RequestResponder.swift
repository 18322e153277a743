package import HTTPTypes

/// A facade as connections know it, whatever its session is.
package protocol RequestResponder: Sendable {
    /// Where a WebSocket may be asked for; nil if nowhere.
    var webSocket: WebSocketEndpoint? { get }

    /// Whether a target, path and query still encoded, lies below the facade's base.
    func owns(_ target: String) -> Bool

    /// What the fields of a head show of who asks.
    func shownCredentials(_ headers: HTTPFields) -> Credentials?

    /// The request with this head.
    ///
    /// - Parameter shown: what the head's fields show of who asks.
    func request(_ head: HTTPRequest, shown: Credentials?, from source: RequestSource) -> ServerRequest

    /// Whether the route reads the body as it comes.
    func streamsBody(of request: ServerRequest) -> Bool

    /// Takes a request as far as it can without waiting. Called on the event loop of the connection.
    ///
    /// - Parameter done: takes the answer of a request that is pending, on the event loop of the connection.
    func begin(_ request: ServerRequest, _ body: IncomingBody, then done: @escaping @Sendable (Answer) -> Void) -> Step

    /// The answer to a head that cannot be parsed.
    func refusal(_ error: HTTPError) -> Answer
}

/// How far a request has come without waiting.
package enum Step: Sendable {
    /// It is answered.
    case answer(Answer)
    /// It is answered by itself, later.
    case pending
    /// What is left of it takes a task: waiting for the caller's credentials to be looked at, for the body, or for what the
    /// handler waits for. Nothing is done twice. The task throws what breaks the connection.
    case task(@Sendable () async throws -> Answer)
}
