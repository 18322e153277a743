import Basics
import JSON

/// The things that a claim is about.
enum Specifics: Sendable, Hashable {
    /// Whatever there is, `*`.
    case all
    /// These.
    case some(Set<Identifier>)

    /// The things of a claim's `specific`.
    init(_ text: String) { self = text == "*" ? .all : .some(Set(Claim.items(text).map { Identifier($0) })) }

    /// Whether every one of `wanted` is among these; only all are as much as all.
    func cover(_ wanted: Specifics) -> Bool {
        switch (self, wanted) {
        case (.all, _): true
        case (.some, .all): false
        case (.some(let held), .some(let items)): items.isSubset(of: held)
        }
    }
}
