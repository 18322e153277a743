/// Why a user may do something, or why not.
public struct Verdict: Sendable {
    /// One of a user's lists of claims: a role's, or what every user holds.
    public struct Source: Sendable, Hashable {
        /// The role; nil for what every user may do to themselves (C §11.2).
        public let role: String?
        /// If it satisfies the request: the claims that do. If not: what of the request it lacks.
        public let claims: [Claim]
    }

    /// What satisfies the request; nil if nothing does.
    public let granted: Source?
    /// If nothing does: what each of the user's lists lacks.
    public let lacking: [Source]
    /// The tenant that the user belongs to; nil if to none.
    public let tenant: String?
}
