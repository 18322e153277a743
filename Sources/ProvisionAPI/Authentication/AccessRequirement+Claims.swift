import Access
import Basics
import HTTPServing
import JSON
import Tracker

extension AccessRequirement {
    /// Of a need that is judged in the draft: the scope, and the actions of which somebody who may do it has at least one.
    var drafted: (scope: String, verbs: Set<Identifier>)? {
        switch self {
        case .nothing, .account, .claim, .list, .action, .everything: nil
        case .create(let typeName): (typeName.rawValue, ["create"])
        case .patch(let typeName, _): (typeName.rawValue, ["get", "update", "updateTaskList"])
        case .update(let typeName, _): (typeName.rawValue, ["update", "updateSecure"])
        }
    }

    /// The claims that a call must hold, all of them, as far as the call alone can tell.
    ///
    /// They are judged with the key of the object that the path means, and named to the client with the key as typed
    /// (C §11.3).
    func requirements(of call: RequestContext) -> [Requirement] {
        switch self {
        case .nothing, .account: return []
        case .claim(let scope, let action):
            // Of a list each row is looked at once it is known.
            let actions = action == "get" && call.query.isSet("decode") ? [action, "getSecure"] : [action]
            return Self.require(actions, scope, call)
        case .list(let scope): return [Requirement(Claim(scope, "list", ""))]
        case .create(let typeName):
            return WriteIntent.create.actions.map {
                Requirement(Claim(typeName.rawValue, $0, Self.newKey(typeName, call)))
            }
        case .patch(let typeName, let below):
            return Self.require(WriteIntent.patch(call.patch, below: below).actions, typeName.rawValue, call)
        case .update(let typeName, let member):
            let name = call["name"]
            let pointer = JSONPointer(tokens: name.isEmpty ? [member] : [member, name])
            return Self.require(WriteIntent.part(pointer).actions, typeName.rawValue, call)
        case .action(let typeName):
            return Self.require(["action:\(call["name"])"], typeName.rawValue, call)
        case .everything: return [Requirement(.everything)]
        }
    }

    private static func require(_ actions: [String], _ scope: String, _ call: RequestContext) -> [Requirement] {
        let typed = call["key"]
        let key = key(TypeName(scope), typed, call.snapshot)
        return actions.map { Requirement(Claim(scope, $0, key), typed: typed) }
    }

    /// What claims on the object that `typed` means must be about: its key, or that of what it belongs to.
    private static func key(_ typeName: TypeName, _ typed: String, _ snapshot: Snapshot) -> String {
        guard !typed.isEmpty, let type = snapshot.catalog[typeName] else { return typed }
        guard let object = snapshot.resolve(typeName, typed) else { return type.key.fromPath(typed) }
        return type.owner(object.key, object)
    }

    private static func newKey(_ typeName: TypeName, _ call: RequestContext) -> String {
        guard case .object(let object) = call.json, let type = call.tracker.catalog[typeName] else { return "" }
        return type.owner(of: object)
    }
}
