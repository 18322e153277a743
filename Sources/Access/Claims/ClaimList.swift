import Basics
import JSON

/// The claims of one role, or of a token itself, made ready to be asked (C §11.2).
struct ClaimList: Sendable {
    /// What one claim grants.
    private struct Grant: Sendable {
        /// The things.
        let specifics: Specifics
        /// What may be done to them, by scope.
        let actions: [Identifier: HeldActions]
    }

    private let grants: [Grant]
    private let memberActions: [ScopeDeclarations.MemberAction]
    /// Whether one of the claims is that of everything, which covers even what the table of scopes does not know.
    let coversEverything: Bool

    /// The claims, as far as `scopes` knows what they name.
    init(_ claims: [Claim], scopes: Scopes) {
        memberActions = scopes.model.scopes.memberActions
        coversEverything = claims.contains { $0.scope == "*" && $0.action == "*" && $0.specific == "*" }
        grants = coversEverything ? [] : claims.map { Self.grant(of: $0, scopes) }
    }

    /// Whether one of the claims covers all of `wanted`.
    func contains(_ wanted: ParsedClaim) -> Bool {
        coversEverything || wanted.isEmpty || grants.contains { does($0, cover: wanted) }
    }

    /// Whether one of the claims has one of the actions `verbs` in `scope`, in whatever detail and on whatever thing.
    func names(_ verbs: Set<Identifier>, in scope: String) -> Bool {
        coversEverything || grants.contains { $0.actions[Identifier(scope)]?.names(verbs) ?? false }
    }

    /// Whether every one of `wanted` is covered by one of the claims.
    func contains(all wanted: [ParsedClaim]) -> Bool { wanted.allSatisfy(contains) }

    private static func grant(of claim: Claim, _ scopes: Scopes) -> Grant {
        var actions: [Identifier: HeldActions] = [:]
        for scope in claim.scope == "*" ? scopes.names : Claim.items(claim.scope) {
            guard let known = scopes.actions(of: scope) else { continue }
            let named = claim.action == "*" ? Array(known) : Claim.items(claim.action).map { Identifier($0) }
            for action in named where known.contains(Identifier(Claim.verb(of: action.text))) {
                actions[Identifier(scope), default: HeldActions()].insert(action)
            }
        }
        return Grant(specifics: Specifics(claim.specific), actions: actions)
    }

    private func does(_ grant: Grant, cover wanted: ParsedClaim) -> Bool {
        wanted.scopes.allSatisfy { scope in
            guard let held = grant.actions[Identifier(scope.name)] else { return false }
            return scope.actions.allSatisfy {
                held.cover($0, in: scope.name, memberActions) && grant.specifics.cover(wanted.specifics)
            }
        }
    }
}
