/// A claim that a request needs, and how it is named to the client.
public struct Requirement: Sendable, Hashable {
    /// The claim, with the resolved key.
    public let claim: Claim
    /// The claim, with the key as the client typed it (C §11.3).
    public let shown: Claim

    /// The need for `claim`.
    ///
    /// - Parameter typed: the key as it stands in the URL, if it is not the claim's own.
    public init(_ claim: Claim, typed: String? = nil) {
        self.claim = claim
        shown = Claim(claim.scope, claim.action, typed ?? claim.specific)
    }
}

/// What became of a request's claims.
public enum Decision: Sendable, Hashable {
    /// The request may go on.
    case allowed
    /// It may not, for want of these claims, as they are named to the client.
    case denied(requires: [Claim])
}

/// Decides whether someone may do something. Every answer of the server (object, list, event, history) asks here.
public enum Authorization {
    /// Whether `principal` may do what needs `requirements`.
    public static func decide(_ principal: Principal, _ requirements: [Requirement]) -> Decision {
        let missing = principal.claims.missing(of: requirements.map(\.claim))
        guard !missing.isEmpty else { return .allowed }
        return .denied(requires: requirements.filter { missing.contains($0.claim) }.map(\.shown))
    }

    /// Whether `principal` may do what needs `claims`.
    public static func decide(_ principal: Principal, claims: [Claim]) -> Decision {
        decide(principal, claims.map { Requirement($0) })
    }
}
