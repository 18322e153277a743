import HTTPServing
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// A request as it comes: its head, and its body as a stream. A class, since it is handed from function to function.
final class ServerRequest: Sendable {
    let head: HTTPRequest
    let body: RequestBody

    init(head: HTTPRequest, body: RequestBody) {
        self.head = head
        self.body = body
    }

    /// The method.
    var method: HTTPRequest.Method { head.method }

    /// The fields of the head.
    var headers: HTTPFields { head.headerFields }
}
