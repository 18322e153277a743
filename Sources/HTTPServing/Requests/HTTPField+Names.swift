package import HTTPTypes

extension HTTPField.Name {
    /// The name that `name` spells, which must be a token (RFC 9110 §5.1).
    package static func named(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header") }
        return field
    }

    /// Where a proxy was asked from (RFC 7239).
    package static let forwarded = named("Forwarded")
    /// The same, as most proxies tell it.
    package static let forwardedFor = named("X-Forwarded-For")
    /// Our name for the request.
    package static let requestID = named("X-Request-Id")
    /// The id of the last event that a client got of a stream.
    package static let lastEventID = named("Last-Event-ID")
    /// Preferences such as `wait=10s` (RFC 7240).
    package static let prefer = named("Prefer")
    /// From where a browser says that it sends a request (Fetch Metadata).
    package static let fetchSite = named("Sec-Fetch-Site")
    /// The server's name as the client has it.
    package static let host = named("Host")
    /// What a browser tells other pages of where it comes from.
    package static let referrerPolicy = named("Referrer-Policy")
}
