import Basics
import JSON

/// The claims of one role, or of a token itself, made ready to be asked (C §11.2).
struct ClaimList: Sendable {
    /// What one claim grants: per scope and action, the things it may be done to.
    private typealias Grants = [Identifier: [Identifier: Specifics]]

    private let claims: [Grants]
    private let memberActions: [ScopeDeclarations.MemberAction]
    /// Whether one of the claims is that of everything, which covers even what the table of scopes does not know.
    let coversEverything: Bool

    /// The claims, as far as `scopes` knows what they name.
    init(_ claims: [Claim], scopes: Scopes) {
        memberActions = scopes.model.scopes.memberActions
        coversEverything = claims.contains { $0.scope == "*" && $0.action == "*" && $0.specific == "*" }
        self.claims = coversEverything ? [] : claims.map { Self.grants(of: $0, scopes) }
    }

    /// Whether one of the claims covers all of `wanted`.
    func contains(_ wanted: ParsedClaim) -> Bool {
        coversEverything || wanted.isEmpty || claims.contains { does($0, cover: wanted) }
    }

    /// Whether one of the claims has one of the actions `verbs` in `scope`, in whatever detail and on whatever thing.
    func names(_ verbs: Set<Identifier>, in scope: String) -> Bool {
        coversEverything
            || claims.contains { grants in
                grants[Identifier(scope)]?.keys.contains { verbs.contains(Identifier(Claim.verb(of: $0.text))) }
                    ?? false
            }
    }

    /// Whether every one of `wanted` is covered by one of the claims.
    func contains(all wanted: [ParsedClaim]) -> Bool { wanted.allSatisfy(contains) }

    private static func grants(of claim: Claim, _ scopes: Scopes) -> Grants {
        let specifics = Specifics(claim.specific)
        var grants: Grants = [:]
        for scope in claim.scope == "*" ? scopes.names : Claim.items(claim.scope) {
            guard let known = scopes.actions(of: scope) else { continue }
            let named = claim.action == "*" ? Array(known) : Claim.items(claim.action).map { Identifier($0) }
            for action in named where known.contains(Identifier(Claim.verb(of: action.text))) {
                grants[Identifier(scope), default: [:]][action] = specifics
            }
        }
        return grants
    }

    private func does(_ grants: Grants, cover wanted: ParsedClaim) -> Bool {
        wanted.scopes.allSatisfy { scope in
            guard let held = grants[Identifier(scope.name)] else { return false }
            return scope.actions.allSatisfy { action in
                let found =
                    held[Identifier(action)]
                    ?? broader(action, in: scope.name).firstNonNil { held[Identifier($0)] }
                return found?.cover(wanted.specifics) ?? false
            }
        }
    }

    /// The actions that cover `action` where it is not named itself, narrowest first.
    private func broader(_ action: String, in scope: String) -> [String] {
        guard let colon = action.firstByteIndex(of: ":") else { return [] }
        let detail = action[action.utf8.index(after: colon)...]
        switch action[..<colon] {
        case "action": return ["action"]
        case "update":
            guard detail.isEmpty || detail.hasBytePrefix("/") else { return [] }
            var pointers: [String] = []
            var pointer = detail
            while let slash = pointer.lastByteIndex(of: "/") {
                pointer = pointer[..<slash]
                pointers.append("update:\(pointer)")
            }
            let ofMember = memberActions.filter { covered in
                let member = "/\(covered.member)"
                return covered.scope.hasSameUTF8(as: scope)
                    && (String(detail).hasSameUTF8(as: member) || detail.hasBytePrefix("\(member)/"))
            }
            return pointers + ["update"] + ofMember.map(\.action)
        default: return []
        }
    }
}

extension Sequence {
    /// The first result that is not nil.
    fileprivate func firstNonNil<Result>(_ transform: (Element) -> Result?) -> Result? {
        for element in self { if let result = transform(element) { return result } }
        return nil
    }
}
