package import HTTPTypes

/// The header fields that all answers of a facade, or of a route, have beside their own.
package struct HeaderPolicy: Sendable {
    private let fields: [HTTPField]
    /// Fields that are added where the answer has none of the name.
    private let fallbacks: [HTTPField]

    /// A policy.
    ///
    /// - Parameters:
    ///   - fields: added to every answer.
    ///   - fallbacks: added where the answer has none of the name.
    package init(_ fields: [HTTPField], fallbacks: [HTTPField] = []) {
        (self.fields, self.fallbacks) = (fields, fallbacks)
    }

    /// Has browsers guess no types, run nothing, show it in no frame, and keep nothing of what an account was needed for.
    ///
    /// There is no `Strict-Transport-Security`: it would count for the whole host, and so for static files over plain HTTP.
    package static let data = HeaderPolicy(
        [
            HTTPField(name: .xContentTypeOptions, value: "nosniff"),
            HTTPField(name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'"),
        ], fallbacks: [HTTPField(name: .cacheControl, value: "no-store")])

    /// Adds nothing: for files that are what they are, and programs that read plain text.
    package static let plain = HeaderPolicy([])

    /// Adds the fields to those of an answer.
    func apply(to headers: inout HTTPFields) {
        for field in fields { headers.append(field) }
        for field in fallbacks where !headers.has(field.name) { headers.append(field) }
    }
}
