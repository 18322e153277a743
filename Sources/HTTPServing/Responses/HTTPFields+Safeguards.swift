package import HTTPTypes

extension HTTPFields {
    /// Has browsers guess no types, run nothing, show it in no frame, and keep nothing of what an account was needed for.
    ///
    /// There is no `Strict-Transport-Security`: it would count for the whole host, and so for static files over plain HTTP.
    package mutating func addSafeguards() {
        append(Self.noGuessing)
        append(Self.noRunning)
        if !has(.cacheControl) { append(Self.noKeeping) }
    }

    // Made once: whether a value is legal is looked at each time a field is made.
    private static let noGuessing = HTTPField(name: .xContentTypeOptions, value: "nosniff")
    private static let noRunning = HTTPField(
        name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'")
    private static let noKeeping = HTTPField(name: .cacheControl, value: "no-store")
}
