public import Basics
import JSON
import Synchronization

/// All that someone may do: several lists of claims, of which one has to satisfy a request alone (C §11.2).
public struct ClaimSet: Sendable {
    let scopes: Scopes
    private let lists: [ClaimList]
    private let restrictions: [ClaimList]
    /// What was asked before.
    private let verdicts = ClaimVerdicts()
    /// Whether everything is allowed.
    public let coversEverything: Bool

    /// The set of `lists`, one a role.
    ///
    /// - Parameters:
    ///   - lists: the claims of each role, and those that a token carries itself.
    ///   - restrictions: claims that each must cover a request as well, whatever the lists say.
    ///   - scopes: what can be claimed.
    public init(_ lists: [[Claim]], restrictions: [Claim] = [], scopes: Scopes) {
        self.scopes = scopes
        self.lists = lists.map { ClaimList($0, scopes: scopes) }
        self.restrictions = restrictions.map { ClaimList([$0], scopes: scopes) }
        coversEverything =
            self.lists.contains { $0.coversEverything } && self.restrictions.allSatisfy { $0.coversEverything }
    }

    /// Whether one of the lists covers every one of `claims`, and so does each restriction.
    public func satisfies(_ claims: [Claim]) -> Bool {
        if coversEverything || claims.isEmpty { return true }
        guard claims.count == 1 else { return judge(claims) }
        return verdicts.verdict(on: claims[0]) { judge(claims) }
    }

    private func judge(_ claims: [Claim]) -> Bool {
        let wanted = claims.map { ParsedClaim($0, scopes: scopes) }
        return lists.contains { $0.contains(all: wanted) } && restrictions.allSatisfy { $0.contains(all: wanted) }
    }

    /// Whether one of the lists has one of the actions `verbs` in `scope`, in whatever detail and on whatever thing. It does not
    /// look at restrictions, so it tells only that somebody may do nothing of the kind.
    public func mayAnywhere(_ verbs: Set<Identifier>, in scope: String) -> Bool {
        lists.contains { $0.names(verbs, in: scope) }
    }

    /// Which of `claims` are in the way: those that no list or not every restriction covers; all of them if only their
    /// combination is not covered; none if the claims are satisfied.
    public func missing(of claims: [Claim]) -> [Claim] {
        if satisfies(claims) { return [] }
        let missing = claims.filter { !satisfies([$0]) }
        return missing.isEmpty ? claims : missing
    }
}

/// What was found of some claims, which are asked for again with every request of whoever does the same over and over.
private final class ClaimVerdicts: Sendable {
    /// How many are remembered; when there are more, all are forgotten.
    private static let most = 16

    private let known = Mutex<[Claim: Bool]>([:])

    /// Whether a claim is covered: as it was found before, or as `judge` finds it now.
    func verdict(on claim: Claim, _ judge: () -> Bool) -> Bool {
        if let verdict = known.withLock({ $0[claim] }) { return verdict }
        let verdict = judge()
        known.withLock { known in
            if known.count >= Self.most { known = [:] }
            known[claim] = verdict
        }
        return verdict
    }
}
