import Access
import HTTPServing
import JSON
import Provisioning
import Tracker

/// Who may have sealed values opened, and how many (C §11.3).
extension RequestContext {
    /// Whether the caller may have the sealed params of an object opened.
    func mayDecode(_ holder: ObjectID) -> Bool {
        guard let principal, !principal.isSuperuser else { return true }
        let claim = Claim(holder.typeName.rawValue, "getSecure", holder.key.string)
        return Authorization.decide(principal, claims: [claim]) == .allowed
    }

    /// Lets a list with `decode` pass if the caller may have every row of it opened.
    ///
    /// - Throws: `denied`.
    func authorizeDecoding(_ objects: [StoredObject], of type: ObjectType) throws(AccessError) {
        guard query.isSet("decode"), type.traits.contains(.parameters) else { return }
        guard let hidden = objects.first(where: { !mayDecode(ObjectID(type.typeName, $0.key)) }) else { return }
        throw .denied(path.target, requires: [Claim(type.typeName.rawValue, "getSecure", hidden.key.string)])
    }

    /// Lets a request with `decode` pass if it does not have too many values opened.
    ///
    /// - Throws: `overBudget`.
    func checkDecoding(_ objects: [StoredObject], of type: ObjectType) throws(TrackerError) {
        guard query.isSet("decode"), type.traits.contains(.parameters) else { return }
        var meter = WorkMeter(services.configuration.budgets.decode)
        let aggregates = query.isSet("aggregate") || query.isSet("compose")
        for object in objects {
            let sources =
                aggregates
                ? try ParamResolution(of: object, type.typeName, in: snapshot).sources.map(\.object) : [object]
            for source in sources { try meter.spend(source.sealedCount, on: type.typeName, key: object.key.string) }
        }
    }
}

extension StoredObject {
    /// How many params may be sealed, at the most: those that have the last member that boxes have.
    fileprivate var sealedCount: Int {
        var count = 0
        document.member("Params")?.forEachMember { _, value in
            if value.member("Payload") != nil { count += 1 }
        }
        return count
    }
}
