import HTTPTypes

extension HTTPField.Name {
    private static func named(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header") }
        return field
    }

    /// Rows of this page (C §2.2).
    static let listCount = named("X-Drp-List-Count")
    /// Rows that the filters let through.
    static let listFilterCount = named("X-Drp-List-Filter-Count")
    /// Rows that the asker may see.
    static let listTotalCount = named("X-Drp-List-Total-Count")
    /// Where a proxy was asked from (RFC 7239).
    static let forwarded = named("Forwarded")
    /// The same, as most proxies tell it.
    static let forwardedFor = named("X-Forwarded-For")
    /// The log level for this one request (C §2).
    static let logRequest = named("X-Log-Request")
    /// Text that the log is to hold.
    static let logToken = named("X-Log-Token")
    /// Our name for the request.
    static let requestID = named("X-Request-Id")
    /// Why a change is made, for its record.
    static let changeReason = named("X-Change-Reason")
    /// Makes a write safe to send again.
    static let idempotencyKey = named("Idempotency-Key")
    /// Marks an answer as one given before.
    static let idempotentReplay = named("Idempotent-Replay")
    /// The id of the last event that a client got of a stream.
    static let lastEventID = named("Last-Event-ID")
    /// SubscriptionKey such as `wait=10s` (RFC 7240).
    static let prefer = named("Prefer")
}
