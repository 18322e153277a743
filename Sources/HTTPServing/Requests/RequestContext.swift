package import HTTPTypes
package import Hummingbird
package import JSON
package import Logging
package import NIOCore

/// One request that is being answered: what was asked, of which route, with what body, by whom.
package struct RequestContext<Session: FacadeSession>: Sendable {
    /// The request as HTTP tells it.
    package let request: ServerRequest
    /// Who answers.
    package let route: Route<Session>
    /// What it brought.
    package let body: Body
    /// On whose behalf it is answered, and from what state.
    package var session: Session

    /// A request that is being answered.
    package init(_ request: ServerRequest, _ route: Route<Session>, _ body: Body, _ session: Session) {
        (self.request, self.route, self.body, self.session) = (request, route, body, session)
    }

    /// The name of the request.
    package var id: RequestID { request.id }

    /// The path.
    package var path: RequestPath { request.path }

    /// The connection that it came by.
    package var channel: any Channel { request.source.channel }

    /// The method; `HEAD` where a `GET` route answers it.
    package var method: HTTPRequest.Method { request.method }

    /// Whether the client wants no body.
    package var isHead: Bool { method == .head }

    /// The query's arguments.
    package var query: QueryArguments { request.query }

    /// The client's IP address; nil where there is none, as in tests.
    package var address: String? { request.address }

    /// Where lines of the log about the request go.
    package var logger: Logger { session.logger }

    /// A variable part of the path; empty if the route's pattern has none of that name.
    package subscript(name: String) -> String { route.pattern.value(of: name, in: path.segments) }

    /// The JSON of the body.
    package var json: JSONValue {
        guard case .json(let value) = body else { preconditionFailure("\(route) takes no JSON body") }
        return value
    }

    /// The patch in the body.
    package var patch: JSONPatch {
        guard case .patch(let patch) = body else { preconditionFailure("\(route) takes no patch") }
        return patch
    }

    /// The fields of the form in the body.
    package var form: QueryArguments {
        guard case .form(let fields) = body else { preconditionFailure("\(route) takes no form") }
        return fields
    }

    /// All bytes of the body.
    package var bytes: ByteBuffer {
        guard case .bytes(let bytes) = body else { preconditionFailure("\(route) takes no bytes") }
        return bytes
    }

    /// The body's bytes as they come.
    package var stream: RequestBody {
        guard case .stream(let parts) = body else { preconditionFailure("\(route) reads no body of its own") }
        return parts
    }

    /// The body's bytes as they come, or all at once.
    package var parts: RequestBody {
        guard case .bytes(let bytes) = body else { return stream }
        return RequestBody(buffer: bytes)
    }
}
