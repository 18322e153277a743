import HTTPServing
import HTTPTypes
import JSON

/// A refusal as clients see it (C §3): `{"Code", "Key", "Messages", "Model", "Type"}`, with `Code` as the HTTP status.
public struct APIError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The HTTP status.
    public var code: Int
    /// What kind of refusal; mostly the method.
    public var type: String
    /// The object's type, or what else the request was about; may be empty.
    public var model: String
    /// The object's key; may be empty.
    public var key: String
    /// One sentence a problem.
    public var messages: [String]
    /// When it makes sense to ask again; sent as a header.
    public var retryAfter: Duration?

    /// A refusal.
    public init(_ code: Int, _ type: String, of model: String = "", key: String = "", _ messages: [String]) {
        self.code = code
        self.type = type
        self.model = model
        self.key = key
        self.messages = messages
    }

    /// A refusal with one message.
    public init(_ code: Int, _ type: String, of model: String = "", key: String = "", _ message: String) {
        self.init(code, type, of: model, key: key, [message])
    }

    /// `GET: machines/x: Not Found`, as `drpcli` prints it.
    public var description: String {
        let subject = [model, key].filter { !$0.isEmpty }.joined(separator: "/")
        return [type, subject].filter { !$0.isEmpty }.joined(separator: ": ") + ": " + messages.joined(separator: "; ")
    }
}

extension APIError {
    /// The word that errors use for a method; `HEAD` is the `GET` of those who want no body.
    static func type(of method: HTTPRequest.Method) -> String { method == .head ? "GET" : method.rawValue }

    /// Nothing answers this path.
    static func noRoute(_ method: HTTPRequest.Method, _ path: String) -> APIError {
        APIError(404, type(of: method), of: path, "No route")
    }

    /// A request that makes no sense, whatever the state.
    static func badRequest(
        _ method: HTTPRequest.Method, of model: String = "", key: String = "", _ message: String
    ) -> APIError {
        APIError(400, type(of: method), of: model, key: key, message)
    }

    /// A defect of ours; the log tells more under the request's id.
    static func defect(_ method: HTTPRequest.Method, _ path: String, id: String) -> APIError {
        let message = "The server failed to answer. Its log tells more under request \(id)."
        return APIError(500, type(of: method), key: path, message)
    }

    /// The encoder form.
    var document: JSONDocument {
        JSONDocument([
            "Code": JSONValue(code), "Key": .string(key), "Messages": JSONValue(messages), "Model": .string(model),
            "Type": .string(type),
        ])
    }

    /// The answer that tells it.
    var answer: Answer {
        var answer = Answer.json(document, status: HTTPResponse.Status(code: code))
        // Naming Basic here would have browsers ask for a password in front of any web interface.
        if code == 401 { answer.headers[.wwwAuthenticate] = #"Bearer realm="muster""# }
        if let retryAfter { answer.headers[.retryAfter] = String(max(1, retryAfter.components.seconds)) }
        return answer
    }
}
