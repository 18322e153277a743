/// One client's call, as the tracker and its records know it.
public struct TrackerRequest: Sendable {
    /// The request's unique id, in logs and commit records.
    public let id: String
    /// Who asks: `user:rob`, `system`.
    public let principal: String
    /// Why, in the client's words; may be empty.
    public var reason: String
    /// Lets changes through that pending work would forbid (`?force=true`).
    public let isForced: Bool
    /// What the request declares of its writes.
    public var scope: WriteScope
    /// Judges what the request's operations do; nil for whoever may do everything.
    public let authorization: (any WriteAuthorization)?

    /// A call.
    ///
    /// - Parameters:
    ///   - id: unique among requests.
    ///   - principal: who asks.
    ///   - reason: why; recorded with the commit.
    ///   - isForced: the client said `force=true`.
    ///   - scope: what it declares of its writes.
    ///   - authorization: judges what its operations do; nil for whoever may do everything.
    public init(
        id: String, principal: String, reason: String = "", isForced: Bool = false, scope: WriteScope = .unknown,
        authorization: (any WriteAuthorization)? = nil
    ) {
        self.id = id
        self.principal = principal
        self.reason = reason
        self.isForced = isForced
        self.scope = scope
        self.authorization = authorization
    }

    /// The same request with another declaration of its writes.
    public func writing(_ scope: WriteScope) -> TrackerRequest {
        var request = self
        request.scope = scope
        return request
    }

    /// The server itself.
    public static func system(_ reason: String) -> TrackerRequest {
        TrackerRequest(id: "system", principal: "system", reason: reason)
    }
}
