import Access
import JSON
import Tracker

extension Need {
    /// The claims that a call must hold, all of them.
    ///
    /// They are judged with the key of the object that the path means, and named to the client with the key as typed
    /// (C §11.3).
    func requirements(of call: Call) -> [Requirement] {
        switch self {
        case .nothing, .account: return []
        case .claim(let scope, let action):
            // Of a list each row is looked at once it is known.
            let actions = action == "get" && call.query.isSet("decode") ? [action, "getSecure"] : [action]
            return Self.require(actions + Self.secureActions(of: call, Prefix(scope)), scope, call)
        case .create(let prefix):
            let actions = ["create"] + Self.secureActions(of: call, prefix)
            return actions.map { Requirement(Claim(prefix.rawValue, $0, Self.newKey(prefix, call))) }
        case .patch(let prefix, let below):
            let actions = Self.actions(of: call.patch, below: below) + Self.secureActions(of: call, prefix)
            return Self.require(actions, prefix.rawValue, call)
        case .update(let prefix, let member):
            let name = call["name"]
            let secure = Self.secureActions(of: call, prefix)
            // Who sets one secure param needs that right alone (C §11.3).
            if !name.isEmpty, !secure.isEmpty { return Self.require(secure, prefix.rawValue, call) }
            let pointer = JSONPointer(tokens: name.isEmpty ? [member] : [member, name])
            return Self.require(["update:\(pointer)"] + secure, prefix.rawValue, call)
        case .action(let prefix):
            return Self.require(["action:\(call["name"])"], prefix.rawValue, call)
        }
    }

    /// What a patch takes: an update of every part that it changes. One that changes nothing is a way to get the object.
    static func actions(of patch: JSONPatch, below: String = "") -> [String] {
        let pointers = patch.operations.flatMap(changedPointers)
        if pointers.isEmpty { return ["get"] }
        return pointers.map { "update:\(JSONPointer(tokens: (below.isEmpty ? [] : [below]) + $0.tokens))" }
    }

    /// Where an operation changes the document; a move does so at both of its ends.
    private static func changedPointers(_ operation: JSONPatch.Operation) -> [JSONPointer] {
        switch operation {
        case .test: []
        case .move(let from, let path): [from, path]
        case .add(let path, _), .remove(let path), .replace(let path, _), .copy(_, let path): [path]
        }
    }

    /// The right to write secure params, if that is what a write does.
    private static func secureActions(of call: Call, _ prefix: Prefix) -> [String] {
        call.secureWrite(prefix)?.isSecure == true ? ["updateSecure"] : []
    }

    private static func require(_ actions: [String], _ scope: String, _ call: Call) -> [Requirement] {
        let typed = call["key"]
        let key = key(Prefix(scope), typed, call.snapshot)
        return actions.map { Requirement(Claim(scope, $0, key), typed: typed) }
    }

    /// What claims on the object that `typed` means must be about: mostly its key, but of a job its machine.
    static func key(_ prefix: Prefix, _ typed: String, _ snapshot: Snapshot) -> String {
        guard !typed.isEmpty, let type = snapshot.catalog[prefix] else { return typed }
        guard let object = snapshot.resolve(prefix, typed) else { return type.key.fromPath(typed) }
        return Sight.claimed(ObjectID(prefix, object.key), object)
    }

    private static func newKey(_ prefix: Prefix, _ call: Call) -> String {
        guard case .object(let object) = call.json, let type = call.tracker.catalog[prefix] else { return "" }
        return prefix == "jobs" ? object["Machine"]?.stringValue ?? "" : type.key.key(of: object)
    }
}
