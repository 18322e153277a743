package import HTTPTypes
import Hummingbird
import HummingbirdCore

/// One request as HTTP tells it: its head, where it goes and where it came from. The same for all facades.
package final class ServerRequest: Sendable {
    /// The name of the request in answers, logs and records.
    package let id: RequestID
    /// The head: method, target and fields.
    package let head: HTTPRequest
    /// The path, read by the facade's rules.
    package let path: RequestPath
    /// The arguments behind the path.
    package let query: QueryArguments
    /// Which of the facade's routes answers; nil if none does.
    package let route: Int?
    /// The connection that it came by.
    package let source: RequestSource
    /// The client's IP address, which a trusted proxy may have told; nil where there is none, as in tests.
    package let address: String?
    /// When the head was there.
    package let start: ContinuousClock.Instant
    /// What the head's fields show of who asks.
    let shown: Credentials?

    /// A request with this head.
    ///
    /// - Parameters:
    ///   - shown: what its fields show of who asks.
    ///   - path: the path, read by the facade's rules.
    ///   - route: the number of the route that answers.
    ///   - proxies: whose word counts for where it came from.
    init(
        _ head: HTTPRequest, shown: Credentials?, _ path: RequestPath, route: Int?, from source: RequestSource,
        behind proxies: TrustedProxies
    ) {
        id = RequestID.next()
        start = .now
        self.head = head
        self.shown = shown
        self.source = source
        address = proxies.client(of: source.address, head.headerFields)
        self.path = path
        query = QueryArguments(path.query)
        self.route = route
    }

    /// The same request as if it were about another path.
    package init(_ other: ServerRequest, path: RequestPath) {
        (id, head, shown, start) = (other.id, other.head, other.shown, other.start)
        (source, address) = (other.source, other.address)
        self.path = path
        query = QueryArguments(path.query)
        route = nil
    }

    /// The method; `HEAD` where a `GET` route answers it.
    package var method: HTTPRequest.Method { head.method }

    /// The fields of the head.
    package var headers: HTTPFields { head.headerFields }

    /// What the request shows of who asks, in its fields or else in its query; nil if nothing that `reader` can read.
    package func credentials(_ reader: CredentialReader) -> Credentials? {
        shown ?? path.query.flatMap(reader.query)
    }

    /// Path and query of a head, also of a target that is a whole URL (RFC 9112 §3.2.2).
    static func target(of head: HTTPRequest) -> String {
        let text = head.path ?? ""
        if text.utf8.first == UInt8(ascii: "/") { return text }
        let uri = URI(text)
        return uri.path + (uri.query.map { "?" + $0 } ?? "")
    }
}
