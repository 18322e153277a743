public import JSON

/// Why a request came to nothing, in one sentence that says what to do next.
public struct ClientError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failures; programs and exit codes go by them.
    public enum Kind: String, Sendable, CaseIterable {
        /// What was asked for makes no sense; nothing was sent.
        case usage
        /// The server understood and refuses.
        case refused
        /// Who asks is not who they say, or may not do it.
        case denied
        /// There is no such thing.
        case notFound
        /// Something changed meanwhile, exists already, or is in use.
        case conflict
        /// No server answers, or it stopped answering.
        case unreachable
        /// The server's certificate is not the one that is trusted.
        case untrusted
        /// The server cannot answer at present: it is failing or does not have the part that was asked for.
        case unavailable
        /// What came back is not what the protocol has.
        case malformed
    }

    /// The kind.
    public let kind: Kind
    /// What happened, and the remedy.
    public let message: String
    /// The status of the answer; nil if there was none.
    public let status: Int?
    /// The server's error (contract §3); nil if it sent none.
    public let body: JSONValue?
    /// The server's name for the request, for its log.
    public let requestID: String?

    /// An error that the client itself found.
    public init(_ kind: Kind, _ message: String) {
        (self.kind, self.message, status, body, requestID) = (kind, message, nil, nil, nil)
    }

    private init(_ error: ClientError, _ message: String) {
        (kind, self.message, status, body, requestID) = (error.kind, message, error.status, error.body, error.requestID)
    }

    /// The same error in other words.
    func saying(_ message: String) -> ClientError { ClientError(self, message) }

    /// The error that an answer of a status of 400 and above is.
    ///
    /// - Parameters:
    ///   - status: the status.
    ///   - text: the body.
    ///   - request: what was asked, as `GET /machines`.
    ///   - requestID: what the server calls the request.
    public init(status: Int, _ text: [UInt8], of request: String, requestID: String?) {
        let value = try? JSONValue(parsing: text)
        let listed = value?.objectValue?["Messages"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let messages = listed.isEmpty ? [value?.objectValue?["message"]?.stringValue].compactMap(\.self) : listed
        let said = messages.isEmpty ? "the server answered with status \(status)" : messages.joined(separator: "; ")
        kind = Self.kind(of: status)
        message = Self.subject(value?.objectValue, request) + ": " + said
        self.status = status
        body = value
        self.requestID = requestID
    }

    private static func kind(of status: Int) -> Kind {
        switch status {
        case 401, 403: .denied
        case 404: .notFound
        case 409, 412: .conflict
        case 500...: .unavailable
        default: .refused
        }
    }

    /// What the error is about: `machines/web-1`, or the request.
    private static func subject(_ error: JSONObject?, _ request: String) -> String {
        let model = error?["Model"]?.stringValue ?? "", key = error?["Key"]?.stringValue ?? ""
        if model.isEmpty { return request }
        return key.isEmpty ? model : "\(model)/\(key)"
    }

    /// The message.
    public var description: String { message }

    /// The error as JSON, for `-o json`: the server's members, and kind and message of ours.
    public var json: JSONValue {
        var object = body?.objectValue ?? [:]
        object["kind"] = .string(kind.rawValue)
        object["message"] = .string(message)
        if let requestID { object["requestId"] = .string(requestID) }
        return .object(object)
    }
}
