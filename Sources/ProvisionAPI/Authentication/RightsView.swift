import Access
import Basics
import HTTPServing
import JSON
import Tracker

/// Verdicts as far as the asker may know of what decides them.
struct RightsView {
    /// What the asker may get.
    let readAuthorization: ReadAuthorization
    private let snapshot: Snapshot

    init(_ call: RequestContext) { (readAuthorization, snapshot) = (call.readAuthorization(), call.snapshot) }

    /// What a tenant says of an object.
    struct Tenancy {
        /// Whether its users see the object.
        let isListed: Bool
        let value: JSONValue
    }

    /// What `tenant` says of the objects that `keys`, one or a comma list, name; nil if it has no say in their type.
    func tenancy(_ tenant: String?, _ typeName: TypeName, _ keys: String) -> Tenancy? {
        guard let tenant = tenant.flatMap({ snapshot.object("tenants", $0) }), !keys.isEmpty,
            let members = tenant.document.member(at: ["Members", typeName.rawValue])?.elements.compactMap(\.string)
        else { return nil }
        let isListed = keys.parts(between: ",").allSatisfy { members.contains(bytesOf: String($0)) }
        let name = readAuthorization["tenants"].sees(tenant) ? tenant.key.string : ""
        let value: JSONValue = [
            "name": .string(name), "type": .string(typeName.rawValue), "key": .string(keys), "listed": .bool(isListed),
        ]
        return Tenancy(isListed: isListed, value: value)
    }

    /// What a role has to do with it.
    func value(of source: Verdict.Source, isGrant: Bool = true) -> JSONObject {
        let isSeen = source.role.map { name in
            snapshot.object("roles", name).map { readAuthorization["roles"].sees($0) } ?? false
        }
        return [
            "role": .string(source.role ?? ""), "implied": .bool(source.role == nil),
            isGrant ? "claims" : "missing": .array(isSeen ?? true ? source.claims.map(\.value) : []),
        ]
    }

    /// What a request needs. A key that means an object which the asker does not see is taken as it is.
    func claims(of asked: RequestContext) -> [Claim] {
        let requirements = asked.route.requirement.requirements(of: asked)
        return requirements.map { requirement in
            let object = snapshot.resolve(TypeName(requirement.claim.scope), asked["key"])
            let isSeen = object.map { readAuthorization[TypeName(requirement.claim.scope)].sees($0) } ?? true
            return isSeen ? requirement.claim : requirement.shown
        }
    }

    /// The object that a request is about; if the asker does not see it, its name as typed.
    func object(of asked: RequestContext) -> ObjectID? {
        guard let scope = asked.route.requirement.scopeOfObject, !asked["key"].isEmpty else { return nil }
        let typeName = TypeName(scope)
        guard let object = snapshot.resolve(typeName, asked["key"]), readAuthorization[typeName].sees(object) else {
            return snapshot.catalog.id(typeName, asked["key"])
        }
        return ObjectID(typeName, object.key)
    }

    /// The right to get the object that a request is about; nil if it is about none, or about one that is not there or that
    /// the asker does not see.
    func claimToGet(_ asked: RequestContext) -> Claim? {
        guard let scope = asked.route.requirement.scopeOfObject, !asked["key"].isEmpty else { return nil }
        let (typeName, key) = (TypeName(scope), asked["key"])
        let seen = readAuthorization[typeName]
        if scope == "contents" {
            return snapshot.stack[key] != nil && seen.covers(key) ? Claim(scope, "get", key) : nil
        }
        guard let object = snapshot.resolve(typeName, key), seen.sees(object) else { return nil }
        return Claim(scope, "get", snapshot.catalog[typeName]?.owner(object.key, object) ?? key)
    }

    /// What becomes of a request, and why.
    ///
    /// - Parameters:
    ///   - isList: whether it lists, and so is answered with an empty list where the right to it is missing.
    ///   - isHidden: whether it is about an object that the user may not get.
    func outcome(
        _ verdict: Verdict, _ claims: [Claim], _ tenancy: Tenancy?, isList: Bool, isHidden: Bool
    ) -> JSONObject {
        var outcome: JSONObject = ["tenant": tenancy?.value ?? .null]
        if let granted = verdict.granted, !claims.isEmpty { outcome.merge(value(of: granted)) { $1 } }
        outcome["lacking"] = .array(verdict.lacking.map { .object(value(of: $0, isGrant: false)) })
        let (status, reason): (Int, String) =
            if verdict.granted == nil, isList {
                (200, "No role of the user covers listing, so the list is empty")
            } else if verdict.granted == nil, isHidden {
                (404, "No role of the user covers what the request requires, nor to get the object: it is not found")
            } else if verdict.granted == nil {
                (403, "No role of the user covers what the request requires")
            } else if tenancy?.isListed == false {
                (404, "The user's tenant lists such objects, but not this one: it is not found")
            } else {
                (200, claims.isEmpty ? "Every user may ask; what the answer holds is judged piece by piece" : "")
            }
        outcome["allowed"] = .bool(status == 200 && verdict.granted != nil)
        outcome["status"] = JSONValue(status)
        outcome["reason"] = .string(reason)
        return outcome
    }
}
