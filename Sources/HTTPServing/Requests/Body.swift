import Basics
package import HTTPTypes
package import Hummingbird
package import JSON
package import NIOCore

/// What a request brought, as far as its route wants it.
package enum Body: Sendable {
    /// Nothing, or nothing that was read.
    case none
    /// JSON.
    case json(JSONValue)
    /// A JSON patch (RFC 6902).
    case patch(JSONPatch)
    /// The fields of a form.
    case form(QueryArguments)
    /// All bytes, whatever the client calls them.
    case bytes(ByteBuffer)
    /// Bytes that the handler reads as they come.
    case stream(RequestBody)

    /// What a route wants a request's body to be. But for streams it is read, checked and parsed before the handler runs.
    package enum Kind: Sendable {
        /// Not read; what the client sent is skipped.
        case none
        /// Any JSON value.
        case json
        /// Any JSON value, or nothing, which counts as `null`.
        case optionalJSON
        /// A JSON patch.
        case patch
        /// The fields of a form, as browsers send it (`application/x-www-form-urlencoded`).
        case form
        /// Bytes of any media type, which the handler judges and parses.
        case bytes
        /// Read by the handler, as it comes.
        case streamed
        /// Bytes that are all there if they are few, and announced; else read by the handler, as they come.
        case bytesOrStream
    }
}

/// The bytes of a request's body on their way in.
package enum IncomingBody: Sendable {
    /// They are all there.
    case whole(ByteBuffer)
    /// They come as they are taken.
    case stream(RequestBody)

    /// The bytes as a stream.
    var parts: RequestBody {
        switch self {
        case .whole(let bytes): RequestBody(buffer: bytes)
        case .stream(let parts): parts
        }
    }
}

/// Reads bodies, none longer than the limit.
package struct BodyReader: Sendable {
    /// The longest body in bytes.
    let limit: Int

    /// A reader of bodies of at most `limit` bytes.
    package init(limit: Int) { self.limit = limit }

    /// Reads and parses the body of a request with this head.
    ///
    /// - Throws: `HTTPError` of status 413 when it is too long, 400 when it is not what `kind` says; `ConnectionFailure` when
    ///   it ends too early.
    package func read(_ body: RequestBody, of head: HTTPRequest, as kind: Body.Kind) async throws -> Body {
        switch kind {
        case .none: return .none
        case .streamed, .bytesOrStream: return .stream(body)
        case .json, .optionalJSON, .patch, .form, .bytes:
            return try Self.body(of: head, await collect(body, head), as: kind)
        }
    }

    /// What the bytes of a body are; nil if they have to be waited for.
    ///
    /// - Throws: as `read`.
    func parse(_ body: IncomingBody, of head: HTTPRequest, as kind: Body.Kind) throws(HTTPError) -> Body? {
        switch (kind, body) {
        case (.none, _): return Body.none
        case (.streamed, let body): return .stream(body.parts)
        case (.bytesOrStream, .whole(let bytes)): return .bytes(bytes)
        case (.bytesOrStream, .stream(let parts)): return .stream(parts)
        case (_, .stream): return nil
        case (_, .whole(let bytes)):
            guard bytes.readableBytes <= limit else { throw tooLong("\(bytes.readableBytes) bytes") }
            return try Self.body(of: head, bytes, as: kind)
        }
    }

    private static func body(
        of head: HTTPRequest, _ bytes: ByteBuffer, as kind: Body.Kind
    ) throws(HTTPError) -> Body {
        if case .optionalJSON = kind, bytes.readableBytes == 0 { return .json(.null) }
        if case .form = kind { return .form(try form(head, bytes)) }
        if case .bytes = kind { return .bytes(bytes) }
        try checkContentType(head)
        let value = try parse(bytes)
        guard case .patch = kind else { return .json(value) }
        do {
            return .patch(try JSONPatch(value))
        } catch {
            throw HTTPError(400, .malformedBody, error.description)
        }
    }

    /// The whole body. One that is announced as too long is refused unread.
    private func collect(_ body: RequestBody, _ head: HTTPRequest) async throws -> ByteBuffer {
        let announced = head.headerFields.value(of: .contentLength).flatMap { Int($0) } ?? 0
        guard announced <= limit else { throw tooLong("\(announced) bytes") }
        var whole = ByteBuffer()
        if announced > 0 { whole.reserveCapacity(min(announced, 1 << 20)) }
        do {
            for try await var part in body {
                guard whole.readableBytes + part.readableBytes <= limit else { throw tooLong("more") }
                whole.writeBuffer(&part)
            }
        } catch let refusal as HTTPError {
            throw refusal
        } catch {
            throw ConnectionFailure(cause: error)
        }
        return whole
    }

    func tooLong(_ size: String) -> HTTPError {
        HTTPError(
            413, .bodyTooLong, "The body has \(size), this server takes at most \(limit) bytes",
            "Send less at once, or start the server with a larger --max-body")
    }

    private static func form(_ head: HTTPRequest, _ bytes: ByteBuffer) throws(HTTPError) -> QueryArguments {
        guard essence(head).hasSameUTF8(as: "application/x-www-form-urlencoded") else { throw wrongType(head) }
        guard bytes.readableBytes <= longestForm else {
            throw HTTPError(
                413, .bodyTooLong, "The form has \(bytes.readableBytes) bytes, at most \(longestForm) are taken")
        }
        return QueryArguments(Substring(String(buffer: bytes)))
    }

    /// Forms are filled in by people, and some by people that nobody knows yet.
    private static let longestForm = 64 << 10

    /// The body's media type without parameters, in small letters.
    private static func essence(_ head: HTTPRequest) -> String {
        let type = head.headerFields.value(of: .contentType) ?? ""
        return type.prefix { $0 != ";" }.filter { !$0.isWhitespace }.asciiLowercased
    }

    private static func wrongType(_ head: HTTPRequest) -> HTTPError {
        HTTPError(400, .malformedBody, "Invalid content type: \(head.headerFields.value(of: .contentType) ?? "")")
    }

    private static func checkContentType(_ head: HTTPRequest) throws(HTTPError) {
        if head.headerFields.value(of: .contentType) == "application/json" { return }
        guard ["application/json", "application/json-patch+json"].contains(essence(head)) else { throw wrongType(head) }
    }

    private static func parse(_ bytes: ByteBuffer) throws(HTTPError) -> JSONValue {
        do {
            return try bytes.readableBytesView.withUnsafeBytes { bytes in try JSONValue(parsing: bytes) }
        } catch {
            throw HTTPError(400, .malformedBody, "\(error)")
        }
    }
}
