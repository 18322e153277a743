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
            let isRead = action == "get" || action == "list"
            let actions = isRead && call.query.isSet("decode") ? [action, "getSecure"] : [action]
            return Self.require(actions, scope, call)
        case .create(let prefix):
            return [Requirement(Claim(prefix.rawValue, "create", Self.newKey(prefix, call)))]
        case .patch(let prefix, let below):
            return Self.require(Self.actions(of: call.patch, below: below), prefix.rawValue, call)
        case .update(let prefix, let member):
            let name = call["name"]
            let pointer = JSONPointer(tokens: name.isEmpty ? [member] : [member, name])
            return Self.require(["update:\(pointer)"], prefix.rawValue, call)
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

    private static func require(_ actions: [String], _ scope: String, _ call: Call) -> [Requirement] {
        let typed = call["key"]
        let key = key(Prefix(scope), typed, call.snapshot)
        return actions.map { Requirement(Claim(scope, $0, key), typed: typed) }
    }

    /// What claims on the object that `typed` means must be about: mostly its key, but of a job its machine.
    static func key(_ prefix: Prefix, _ typed: String, _ snapshot: Snapshot) -> String {
        guard !typed.isEmpty, let object = snapshot.resolve(prefix, typed) else { return typed }
        return Sight.claimed(ObjectID(prefix, object.key), object)
    }

    private static func newKey(_ prefix: Prefix, _ call: Call) -> String {
        guard case .object(let object) = call.json, let type = call.tracker.catalog[prefix] else { return "" }
        return prefix == "jobs" ? object["Machine"]?.stringValue ?? "" : type.key.key(of: object)
    }
}
