import HTTPTypes

extension HTTPFields {
    /// Has browsers guess no types, run nothing, show it in no frame, and keep nothing of what an account was needed for.
    ///
    /// There is no `Strict-Transport-Security`: it would count for the whole host, and so for static files over plain HTTP.
    mutating func addSafeguards() {
        append(HTTPField(name: .xContentTypeOptions, value: "nosniff"))
        append(HTTPField(name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'"))
        if self[.cacheControl] == nil { append(HTTPField(name: .cacheControl, value: "no-store")) }
    }
}
