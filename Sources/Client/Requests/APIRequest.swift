import Basics
public import JSON

/// One request to the API, as data.
public struct APIRequest: Sendable {
    /// The HTTP method, in capitals.
    public var method: String
    /// Where the path begins.
    public var base = "/api/v3"
    /// The parts of the path below that, each as it is, not escaped.
    public var path: [String]
    /// The arguments, in their order, not escaped.
    public var query: [(name: String, value: String)]
    /// Further headers.
    public var headers: [(name: String, value: String)]
    /// The body; nil for none.
    public var body: [UInt8]?
    /// A body that is made as it is sent, in place of `body`; nil for none.
    public var stream: StreamedBody?
    /// The media type of the body.
    public var contentType = "application/json"

    /// A request.
    public init(
        _ method: String, _ path: [String], query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: JSONValue? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body?.canonicalBytes()
    }

    /// Whether the request changes nothing.
    public var isRead: Bool { method == "GET" || method == "HEAD" }

    /// What messages call the request: `GET machines/web-1`.
    public var summary: String { "\(method) \(path.joined(separator: "/"))" }

    /// The target below the server's address. Parts of the path are escaped with their slashes, so a key stays one part.
    var target: String {
        var text = base
        for part in path { text += "/" + PercentEncoding.encode(part.utf8, keeping: PercentEncoding.isUnreserved) }
        var separator = "?"
        for (name, value) in query {
            text +=
                separator + PercentEncoding.encode(name.utf8, keeping: PercentEncoding.isUnreserved) + "="
                + PercentEncoding.encode(value.utf8, keeping: PercentEncoding.isUnreserved)
            separator = "&"
        }
        return text
    }
}

/// What the server answered.
public struct APIResponse: Sendable {
    /// The status, below 400.
    public let status: Int
    /// The headers, names in lower case.
    public let headers: [(name: String, value: String)]
    /// The body, as it came.
    public let body: [UInt8]

    /// The value of a header, by its name in lower case.
    public func header(_ name: String) -> String? { headers.first { $0.name.utf8.elementsEqual(name.utf8) }?.value }

    /// The body as JSON; `null` if it is empty.
    ///
    /// - Throws: `ClientError` of kind `malformed`.
    public func json() throws(ClientError) -> JSONValue {
        if body.isEmpty { return .null }
        do {
            return try JSONValue(parsing: body)
        } catch {
            throw ClientError(.malformed, "the answer is no JSON: \(error)")
        }
    }

    /// The body as JSON of which nothing is decoded before it is asked for.
    ///
    /// - Throws: `ClientError` of kind `malformed`.
    public func document() throws(ClientError) -> JSONDocument {
        // That is how the server writes.
        JSONDocument.isCanonical(body) ? JSONDocument(canonical: body) : JSONDocument(try json())
    }
}
