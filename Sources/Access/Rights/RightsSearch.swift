import Basics
import JSON
public import Tracker

/// Finds out for one user after the other what decides about the same claims.
///
/// A role is looked at once, however many users have it.
public struct RightsSearch {
    private let claims: [Claim]
    private let scopes: Scopes
    private var reader: ObjectReader
    private var known: [Identifier: (isEnough: Bool, source: Verdict.Source)] = [:]

    /// A search.
    ///
    /// - Parameters:
    ///   - claims: what a request needs, all of it.
    ///   - scopes: what can be claimed.
    ///   - snapshot: where users, roles and tenants are looked up.
    public init(_ claims: [Claim], scopes: Scopes, in snapshot: Snapshot) {
        (self.claims, self.scopes) = (claims, scopes)
        reader = ObjectReader(snapshot)
    }

    /// What decides about the user `name`; nil if there is no such user.
    public mutating func verdict(on name: String) -> Verdict? {
        guard let roles = PrincipalReader(scopes).lists(ofUser: name, &reader) else { return nil }
        let sources = roles.map { look(at: $0.role, $0.claims) }
        let granted = sources.first(where: \.isEnough)?.source
        return Verdict(
            granted: granted, lacking: granted == nil ? sources.map(\.source) : [],
            tenant: reader.snapshot.tenant(of: name))
    }

    private mutating func look(at role: String?, _ held: [Claim]) -> (isEnough: Bool, source: Verdict.Source) {
        if let role, let known = known[Identifier(role)] { return known }
        let set = ClaimSet([held], scopes: scopes)
        let missing = set.missing(of: claims)
        let found = (missing.isEmpty, Verdict.Source(role: role, claims: missing.isEmpty ? deciding(held) : missing))
        if let role { known[Identifier(role)] = found }
        return found
    }

    /// Of `held` the claims that cover what is wanted, one for each.
    private func deciding(_ held: [Claim]) -> [Claim] {
        var deciding: [Claim] = []
        for wanted in claims {
            let first = held.first { ClaimSet([[$0]], scopes: scopes).satisfies([wanted]) }
            if let first, !deciding.contains(first) { deciding.append(first) }
        }
        return deciding
    }
}
