import HTTPServing
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What is asked, as far as the head of a request tells it.
final class RoutedRequest: Sendable {
    let id: HTTPServing.RequestID
    let head: HTTPRequest
    /// What the head's fields show of who asks, so far as they have been looked at.
    let credentials: Credentials?
    let path: RequestPath
    /// The arguments behind the path.
    let query: QueryArguments
    /// Who answers; nil if nobody does.
    let route: Route?
    /// Where it came from.
    let source: RequestSource
    /// The client's IP address, which a trusted proxy may have told; nil where there is none, as in tests.
    let address: String?
    /// When the head was there.
    let start: ContinuousClock.Instant

    /// What a request with this head asks of the routes in `table`.
    ///
    /// - Parameters:
    ///   - credentials: what its fields show of who asks, if that is known.
    ///   - endpoint: our own id, which may stand in front of the path.
    ///   - proxies: whose word counts for where it came from.
    init(
        _ head: HTTPRequest, _ credentials: Credentials?, from source: RequestSource, endpoint: String,
        behind proxies: TrustedProxies, _ table: RouteTable
    ) {
        id = RequestID.next()
        start = .now
        self.head = head
        self.credentials = credentials
        self.source = source
        address = proxies.client(of: source.address, head.headerFields)
        path = RequestPath(Self.target(head.path ?? ""), endpoint: endpoint)
        query = QueryArguments(path.query)
        route = table.route(head.method, path)
    }

    /// The same routed as if it were about another path.
    init(_ other: RoutedRequest, path: RequestPath, route: Route) {
        (id, head, credentials, start) = (other.id, other.head, other.credentials, other.start)
        (source, address) = (other.source, other.address)
        self.path = path
        query = QueryArguments(path.query)
        self.route = route
    }

    /// Path and query, also of a target that is a whole URL (RFC 9112 §3.2.2).
    private static func target(_ text: String) -> String {
        if text.utf8.first == UInt8(ascii: "/") { return text }
        let uri = URI(text)
        return uri.path + (uri.query.map { "?" + $0 } ?? "")
    }
}
