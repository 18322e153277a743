import HTTPTypes
import JSON
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPServing

@Suite struct `What no route of a facade answers` {
    private struct Visit: FacadeSession {
        enum Requirement { case nothing }
        static let basePath = "/v1"
        let caller: String?
        let logger: Logger
    }

    private struct Refusal: Error { let text: String }

    /// A facade that answers with what it was sent, and knows whoever has a key.
    private static func facade(hasFallback: Bool) -> Facade<Visit> {
        let echo: @Sendable (RequestContext<Visit>) throws -> Reply = { context in
            .answer(.json(.string(String(buffer: context.bytes))))
        }
        let fallback = Route<Visit>(
            .get, "", .nothing,
            immediate: { context in
                .answer(
                    .json(
                        .string("\(context.method) \(context.path.path) by \(context.session.caller ?? "")"),
                        status: .gone))
            })
        return Facade(
            routes: [Route(.post, "/echo", .nothing, body: .bytes, immediate: echo)],
            authentication: Authentication(CredentialReader { _ in nil }) { request, _, _ in
                guard let key = request.headers[.userAgent] else { throw Refusal(text: "who?") }
                return Visit(caller: key, logger: request.source.logger)
            }, fallback: hasFallback ? fallback : nil,
            errors: { error, _, _ in
                .json(
                    .string((error as? Refusal)?.text ?? "\((error as? HTTPError)?.status ?? 0)"), status: .badRequest)
            })
    }

    private static func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String = "", type: String? = nil, key: String? = "me",
        limit: Int = 100, hasFallback: Bool = true
    ) throws -> (status: Int, text: String) {
        let logger = Logger(label: "test")
        var terms = ServingTerms(logger: logger)
        terms.bodyLimit = limit
        let pipeline = RequestPipeline(facade(hasFallback: hasFallback), terms)
        var headers: HTTPFields = [:]
        headers[.contentType] = type
        if let key { headers[.userAgent] = key }
        let head = HTTPRequest(method: method, scheme: "http", authority: nil, path: path, headerFields: headers)
        let request = pipeline.request(head, shown: nil, from: RequestSource(EmbeddedChannel(), logger))
        guard case .answer(let answer) = pipeline.begin(request, .whole(ByteBuffer(string: body)), then: { _ in })
        else { throw Refusal(text: "no answer at once") }
        guard case .array(let bytes) = answer.body else { return (answer.status.code, "") }
        return (answer.status.code, try JSONValue(parsing: bytes).stringValue ?? "")
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, "/v1/nope"), (.delete, "/v1/echo"), (.options, "/v1/echo"), (.get, "/v1"),
        (.put, "/other"),
    ])
    func `is answered by the fallback, which knows who asks and for what`(method: HTTPRequest.Method, path: String)
        throws
    {
        let answer = try Self.send(method, path)
        #expect(answer.status == 410)
        #expect(answer.text.hasPrefix("\(method) ") && answer.text.hasSuffix(" by me"))
    }

    @Test func `is refused to whoever is not known, as if it were there`() throws {
        #expect(try Self.send(.get, "/v1/nope", key: nil) == (400, "who?"))
        #expect(try Self.send(.post, "/v1/echo", key: nil) == (400, "who?"))
    }

    @Test func `is not found without a fallback, whoever asks`() throws {
        #expect(try Self.send(.get, "/v1/nope", key: nil, hasFallback: false) == (400, "404"))
    }

    @Test(arguments: [nil, "text/plain", "application/json"])
    func `while a route that takes bytes gets them whatever they are called`(type: String?) throws {
        #expect(try Self.send(.post, "/v1/echo", "{not json", type: type) == (200, "{not json"))
        #expect(try Self.send(.post, "/v1/echo", "", type: type) == (200, ""))
    }

    @Test func `and no more of them than a body may have`() throws {
        #expect(try Self.send(.post, "/v1/echo", String(repeating: "x", count: 100)).status == 200)
        #expect(try Self.send(.post, "/v1/echo", String(repeating: "x", count: 101)) == (400, "413"))
    }
}
