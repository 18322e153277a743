import Basics
import HTTPServing
import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// What a request brought, as far as its route wants it.
enum Body: Sendable {
    /// Nothing, or nothing that was read.
    case none
    /// JSON.
    case json(JSONValue)
    /// A JSON patch.
    case patch(JSONPatch)
}

/// Reads bodies, none longer than the limit.
struct BodyReader: Sendable {
    /// The longest body in bytes.
    let limit: Int

    /// Reads and parses the body of `request`.
    ///
    /// - Throws: `APIError` of status 413 when it is too long, 400 when it is not what `kind` says; `ConnectionFailure` when
    ///   it ends too early.
    func read(_ request: ServerRequest, as kind: Route.BodyKind) async throws -> Body {
        switch kind {
        case .none, .streamed: return .none
        case .json, .optionalJSON, .patch: break
        }
        return try Self.body(of: request.head, await collect(request), as: kind)
    }

    /// What the bytes of a body are.
    ///
    /// - Throws: `APIError` of status 400 when they are not what `kind` says.
    static func body(
        of head: HTTPRequest, _ bytes: ByteBuffer, as kind: Route.BodyKind
    ) throws(APIError) -> Body {
        if case .optionalJSON = kind, bytes.readableBytes == 0 { return .json(.null) }
        try checkContentType(head)
        let value = try parse(bytes, head.method)
        guard case .patch = kind else { return .json(value) }
        do {
            return .patch(try JSONPatch(value))
        } catch {
            throw .badRequest(head.method, error.description)
        }
    }

    /// The whole body. One that is announced as too long is refused unread.
    private func collect(_ request: ServerRequest) async throws -> ByteBuffer {
        let announced = request.headers.value(of: .contentLength).flatMap { Int($0) } ?? 0
        guard announced <= limit else { throw tooLong(request, "\(announced) bytes") }
        var whole = ByteBuffer()
        if announced > 0 { whole.reserveCapacity(min(announced, 1 << 20)) }
        do {
            for try await var part in request.body {
                guard whole.readableBytes + part.readableBytes <= limit else { throw tooLong(request, "more") }
                whole.writeBuffer(&part)
            }
        } catch let refusal as APIError {
            throw refusal
        } catch {
            throw ConnectionFailure(cause: error)
        }
        return whole
    }

    func tooLong(_ request: ServerRequest, _ size: String) -> APIError {
        APIError(
            413, APIError.type(of: request.method),
            [
                "The body has \(size), this server takes at most \(limit) bytes",
                "Send less at once, or start the server with a larger --max-body",
            ])
    }

    private static func checkContentType(_ head: HTTPRequest) throws(APIError) {
        let type = head.headerFields.value(of: .contentType) ?? ""
        if type == "application/json" { return }
        let essence = type.prefix { $0 != ";" }.filter { !$0.isWhitespace }.asciiLowercased
        guard essence != "application/json", essence != "application/json-patch+json" else { return }
        throw .badRequest(head.method, "Invalid content type: \(type)")
    }

    private static func parse(_ bytes: ByteBuffer, _ method: HTTPRequest.Method) throws(APIError) -> JSONValue {
        do {
            return try bytes.readableBytesView.withUnsafeBytes { bytes in try JSONValue(parsing: bytes) }
        } catch {
            throw .badRequest(method, "\(error)")
        }
    }
}
