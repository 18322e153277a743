import Basics
import JSON

/// The things that a claim is about.
enum Specifics: Sendable, Hashable {
    /// Whatever there is, `*`.
    case all
    /// This, as nearly always.
    case one(Identifier)
    /// These, several.
    case some(Set<Identifier>)

    /// The things of a claim's `specific`.
    init(_ text: String) {
        if text == "*" {
            self = .all
            return
        }
        let items = Claim.items(text)
        self = items.count == 1 ? .one(Identifier(items[0])) : .some(Set(items.map { Identifier($0) }))
    }

    /// Whether every one of `wanted` is among these; only all are as much as all.
    func cover(_ wanted: Specifics) -> Bool {
        switch (self, wanted) {
        case (.all, _): true
        case (.one, .all), (.some, .all), (.one, .some): false
        case (.one(let held), .one(let item)): held == item
        case (.some(let held), .one(let item)): held.contains(item)
        case (.some(let held), .some(let items)): items.isSubset(of: held)
        }
    }
}
