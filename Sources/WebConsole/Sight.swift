import Access
import HTTPServing
import Tracker

/// What the user of a browser may see: the same that the API would show him.
struct Sight {
    let snapshot: Snapshot
    let reading: ReadAuthorization
    private let principal: Principal

    init(_ context: ConsoleContext) throws {
        guard let principal = context.session.principal else { throw ConsoleRefusal.unknown(context.path.target) }
        self.principal = principal
        snapshot = context.session.snapshot
        reading = ReadAuthorization(principal, snapshot)
    }

    /// The types that the user may list.
    var types: [ObjectType] {
        snapshot.catalog.visibleTypes.filter { !$0.traits.contains(.internalOnly) && mayList($0) }
    }

    /// Whether the user may list a type.
    func mayList(_ type: ObjectType) -> Bool {
        Authorization.decide(principal, claims: [Claim(type.typeName.rawValue, "list", "")]) == .allowed
    }

    /// Which objects of a type a list may hold; nil if all.
    func rows(_ type: ObjectType) -> RowVisibility? {
        let ofType = reading[type.typeName]
        return ofType.isUnrestricted ? nil : RowVisibility(candidates: ofType.candidates) { ofType.sees($0) }
    }
}
