import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What is asked, as far as the head of a request tells it.
final class Inquiry: Sendable {
    let id: RequestID
    let head: HTTPRequest
    let path: RequestPath
    /// Who answers; nil if nobody does.
    let route: Route?
    /// Where it came from.
    let source: RequestSource
    /// When the head was there.
    let start: ContinuousClock.Instant

    /// What a request with this head asks of the routes in `table`.
    ///
    /// - Parameter endpoint: our own id, which may stand in front of the path.
    init(_ head: HTTPRequest, from source: RequestSource, endpoint: String, _ table: RouteTable) {
        id = RequestID.next()
        start = .now
        self.head = head
        self.source = source
        path = RequestPath(Self.target(head.path ?? ""), endpoint: endpoint)
        route = table.route(head.method, path)
    }

    /// The same inquiry as if it were about another path.
    init(_ other: Inquiry, path: RequestPath, route: Route) {
        (id, head, source, start) = (other.id, other.head, other.source, other.start)
        self.path = path
        self.route = route
    }

    /// Path and query, also of a target that is a whole URL (RFC 9112 §3.2.2).
    private static func target(_ text: String) -> String {
        if text.utf8.first == UInt8(ascii: "/") { return text }
        let uri = URI(text)
        return uri.path + (uri.query.map { "?" + $0 } ?? "")
    }
}
