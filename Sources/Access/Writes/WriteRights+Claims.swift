import Basics
import JSON
import Tracker

/// What an operation takes.
extension WriteRights {
    /// Members that follow from the rules alone, whatever is restored.
    private static let verdict: Set<Identifier> = ["Validated", "Available", "Errors", "ReadOnly", "Bundle"]

    /// Lets those go on who may get the object, and so may know what becomes of an operation on it, and those who hold what
    /// the operation says that it takes.
    func admit(
        _ intent: WriteIntent, _ typeName: TypeName, _ key: String, _ path: String, isSecure: (String) -> Bool
    ) throws(TrackerError) {
        var actions = Self.special(intent, typeName) ?? intent.actions
        if case .patch = intent, holds(["get"], typeName, key) { return }
        if case .part(let pointer) = intent, let name = Self.param(pointer), isSecure(name) {
            // Which of the two it takes shows with the value.
            if holds(["updateSecure"], typeName, key) || holds(actions, typeName, key) { return }
            actions = ["updateSecure"]
        }
        try decide(actions.map { Self.requirement(typeName, $0, key, path) })
    }

    /// The claims that a write takes, but those on what it newly names.
    func requirements(of write: ClientWrite, in view: Snapshot) -> [Requirement] {
        let key = claimedKey(of: write)
        let isNarrow = Self.special(write.intent, write.type.typeName) != nil
        var actions = actions(of: write, in: view)
        if write.after != nil, !write.isRemoval, !isNarrow {
            if write.setsSecureParam(in: view), !actions.contains(bytesOf: "updateSecure") {
                actions.append("updateSecure")
            }
            if write.setsPassword { actions.append("password") }
        }
        let path = write.path.isEmpty ? nil : write.path
        return actions.map { Self.requirement(write.type.typeName, $0, key, path) } + moves(of: write)
            + grants(of: write, key, in: view)
    }

    /// What it takes to make a job another machine's: the same as to make it there.
    private func moves(of write: ClientWrite) -> [Requirement] {
        guard write.type.typeName == "jobs", let previous = write.previous, let after = write.after,
            previous["Machine"] != after["Machine"]
        else { return [] }
        return [Self.requirement("jobs", "create", after.text("Machine"), nil)]
    }

    private func actions(of write: ClientWrite, in view: Snapshot) -> [String] {
        if let special = Self.special(write.intent, write.type.typeName) { return special }
        guard let previous = write.previous, let after = write.after else {
            if case .restore = write.intent { return ["create"] }
            return write.intent.actions
        }
        switch write.intent {
        case .create, .replace, .remove: return write.intent.actions
        case .patch: return Self.members(ChangedMembers.between(previous, after), of: write.intent)
        case .part(let pointer):
            let others = ChangedMembers.between(previous, after).filter { !pointer.contains($0) }
            // Who sets one secure param needs that right alone (C §11.3).
            let isSecure = Self.param(pointer) != nil && write.setsSecureParam(in: view)
            return (isSecure ? ["updateSecure"] : write.intent.actions) + WriteIntent.updates(others)
        case .restore:
            let changed = ChangedMembers.between(previous, after)
            return WriteIntent.updates(changed.filter { !Self.verdict.contains(Identifier($0.tokens[0])) })
        }
    }

    /// One action for each member that a patch changes. Where its operations point into a list that changed, they say it
    /// closer.
    private static func members(_ changed: [JSONPointer], of intent: WriteIntent) -> [String] {
        let pointers = Dictionary(grouping: intent.pointers) { Identifier(($0.tokens.first ?? "").asciiLowercased) }
        let isRewritten = pointers[""] != nil
        return WriteIntent.updates(
            changed.flatMap { member -> [JSONPointer] in
                guard member.tokens.count == 1, !isRewritten else { return [member] }
                // Names of fields may be in any case, as they may for the tracker.
                let inside = pointers[Identifier(member.tokens[0].asciiLowercased)] ?? []
                let isInside = inside.allSatisfy { member.contains($0) && $0 != member }
                return inside.isEmpty || !isInside ? [member] : inside
            })
    }

    /// The actions of what has some of its own: a user's password, and preferences.
    private static func special(_ intent: WriteIntent, _ typeName: TypeName) -> [String]? {
        if typeName == "preferences" { return ["post"] }
        if typeName == "users", case .part(let pointer) = intent, pointer == JSONPointer(tokens: ["PasswordHash"]) {
            return ["password"]
        }
        return nil
    }

    /// The param that a pointer leads to; nil if it leads elsewhere.
    private static func param(_ pointer: JSONPointer) -> String? {
        pointer.tokens.count == 2 && pointer.tokens[0].hasSameUTF8(as: "Params") ? pointer.tokens[1] : nil
    }

    /// What claims on the object must be about: its key, but of a job its machine. Preferences are claimed as a whole.
    func claimedKey(of write: ClientWrite) -> String {
        if let before = write.before {
            return ReadAuthorization.claimed(ObjectID(write.type.typeName, before.key), before)
        }
        guard let after = write.after else { return write.type.key.fromPath(write.path) }
        return write.type.typeName == "jobs" ? after.text("Machine") : write.type.key.key(of: after)
    }

    static func requirement(_ typeName: TypeName, _ action: String, _ key: String, _ path: String?) -> Requirement {
        typeName == "preferences"
            ? Requirement(Claim(typeName.rawValue, action))
            : Requirement(Claim(typeName.rawValue, action, key), typed: path)
    }
}

extension ClientWrite {
    /// Whether the object goes away, or another shows in its place.
    var isRemoval: Bool { if case .remove = intent { true } else { false } }

    /// Whether a param whose values are sealed is set to what it is not yet.
    func setsSecureParam(in view: Snapshot) -> Bool {
        guard type.traits.contains(.parameters), case .object(let params) = after?["Params"] else { return false }
        let before = previous?["Params"]
        return params.contains { before?[$0.key] != $0.value && view.isSecure($0.key) }
    }

    /// Whether a user gets another password.
    var setsPassword: Bool {
        type.typeName == "users" && after?["PasswordHash"] != previous?["PasswordHash"]
    }
}
