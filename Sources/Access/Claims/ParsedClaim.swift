import Basics
import JSON

/// A claim that someone asks to have covered, taken apart.
struct ParsedClaim: Sendable {
    /// A scope and what is wanted in it.
    struct Scope: Sendable {
        let name: String
        let actions: [String]
    }

    let scopes: [Scope]
    let specifics: Specifics

    /// Nothing is wanted at all.
    var isEmpty: Bool { scopes.isEmpty }

    /// The parts of `claim`.
    ///
    /// Names that nothing has are kept, and so are covered by no claim but that of everything. Of the scope `*` an action is
    /// wanted where it exists.
    init(_ claim: Claim, scopes: Scopes) {
        specifics = Specifics(claim.specific)
        let actions = claim.action == "*" ? nil : Claim.items(claim.action)
        if claim == Claim("", "", "") {
            self.scopes = []
        } else if claim.scope != "*" {
            self.scopes = Claim.items(claim.scope).map {
                Scope(name: $0, actions: actions ?? scopes.actions(of: $0)?.sorted().map(\.text) ?? ["*"])
            }
        } else {
            let wanted = scopes.names.map { name in
                let known = scopes.actions(of: name) ?? []
                return Scope(
                    name: name,
                    actions: actions?.filter { known.contains(Identifier(Claim.verb(of: $0))) }
                        ?? known.sorted().map(\.text))
            }
            let found = Set(wanted.flatMap(\.actions).map { Identifier($0) })
            let unknown = (actions ?? []).filter { !found.contains(Identifier($0)) }
            self.scopes =
                wanted.filter { !$0.actions.isEmpty } + (unknown.isEmpty ? [] : [Scope(name: "*", actions: unknown)])
        }
    }
}
