import Basics
import JSON
import Tracker

/// What an operation takes.
extension WriteRights {
    /// Lets those go on who may get the object, and so may know what becomes of an operation on it, and those who hold what
    /// the operation says that it takes.
    func admit(
        _ intent: WriteIntent, _ type: ObjectType, _ key: String, _ path: String, in view: Snapshot
    ) throws(TrackerError) {
        let typeName = type.typeName
        var actions = special(intent, typeName) ?? intent.actions
        if case .patch = intent, holds(["get"], typeName, key) { return }
        if case .part(let pointer) = intent, let parameters = type.parameters,
            let name = Self.parameter(pointer, parameters), view.isSecure(name, parameters)
        {
            // Which of the two it takes shows with the value.
            if holds(["updateSecure"], typeName, key) || holds(actions, typeName, key) { return }
            actions = ["updateSecure"]
        }
        try decide(actions.map { requirement(typeName, $0, key, path) })
    }

    /// The claims that a write takes, but those on what it newly names.
    func requirements(of write: ClientWrite, in view: Snapshot) -> [Requirement] {
        let key = claimedKey(of: write)
        let isNarrow = special(write.intent, write.type.typeName) != nil
        var actions = actions(of: write, in: view)
        if write.after != nil, !write.isRemoval, !isNarrow {
            if write.setsSecureParam(in: view), !actions.contains(bytesOf: "updateSecure") {
                actions.append("updateSecure")
            }
            if write.setsPassword { actions.append("password") }
        }
        let path = write.path.isEmpty ? nil : write.path
        return actions.map { requirement(write.type.typeName, $0, key, path) } + moves(of: write)
            + assigned(by: write) + grants(of: write, key, in: view)
    }

    /// What it takes to have something done to another object.
    private func assigned(by write: ClientWrite) -> [Requirement] {
        guard let assignment = model.assignments[write.type.typeName], let after = write.after,
            write.previous?[assignment.field] != after[assignment.field]
        else { return [] }
        return [requirement(assignment.typeName, assignment.action, after.text(assignment.field), nil)]
    }

    /// What it takes to have an object belong to another: the same as to make it there.
    private func moves(of write: ClientWrite) -> [Requirement] {
        guard let field = write.type.ownerField, let previous = write.previous, let after = write.after,
            previous[field] != after[field]
        else { return [] }
        return [requirement(write.type.typeName, "create", after.text(field), nil)]
    }

    private func actions(of write: ClientWrite, in view: Snapshot) -> [String] {
        if let special = special(write.intent, write.type.typeName) { return special }
        guard let previous = write.previous, let after = write.after else {
            if case .restore = write.intent { return ["create"] }
            return write.intent.actions
        }
        switch write.intent {
        case .create, .replace, .remove: return write.intent.actions
        case .patch: return Self.members(ChangedMembers.between(previous, after), of: write.intent)
        case .part(let pointer):
            let others = ChangedMembers.between(previous, after).filter { !pointer.contains($0) }
            // Who sets one secure parameter needs that right alone (C §11.3).
            let isParameter = write.type.parameters.map { Self.parameter(pointer, $0) != nil } ?? false
            let isSecure = isParameter && write.setsSecureParam(in: view)
            return (isSecure ? ["updateSecure"] : write.intent.actions) + WriteIntent.updates(others)
        case .restore:
            let changed = ChangedMembers.between(previous, after)
            // Some members follow from the rules alone, whatever is restored.
            let verdict = Set(write.type.common.names.map { Identifier($0) })
            return WriteIntent.updates(changed.filter { !verdict.contains(Identifier($0.tokens[0])) })
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

    /// The actions of what has some of its own: a user's password, and settings.
    private func special(_ intent: WriteIntent, _ typeName: TypeName) -> [String]? {
        if typeName == model.settings.typeName { return [model.settings.writeAction] }
        if typeName == "users", case .part(let pointer) = intent, pointer == JSONPointer(tokens: ["PasswordHash"]) {
            return ["password"]
        }
        return nil
    }

    /// The parameter that a pointer leads to; nil if it leads elsewhere.
    private static func parameter(_ pointer: JSONPointer, _ parameters: ParameterConventions) -> String? {
        let isInside = pointer.tokens.count == 2 && pointer.tokens[0].hasSameUTF8(as: parameters.field)
        return isInside ? pointer.tokens[1] : nil
    }

    /// What claims on the object must be about: its key, or that of what it belongs to.
    func claimedKey(of write: ClientWrite) -> String {
        if let before = write.before { return write.type.owner(before.key, before) }
        return write.after.map { write.type.owner(of: $0) } ?? write.type.key.fromPath(write.path)
    }

    /// The claim for an action on an object; settings are claimed as a whole.
    func requirement(_ typeName: TypeName, _ action: String, _ key: String, _ path: String?) -> Requirement {
        typeName == model.settings.typeName
            ? Requirement(Claim(typeName.rawValue, action))
            : Requirement(Claim(typeName.rawValue, action, key), typed: path)
    }
}

extension ClientWrite {
    /// Whether the object goes away, or another shows in its place.
    var isRemoval: Bool { if case .remove = intent { true } else { false } }

    /// Whether a parameter whose values are sealed is set to what it is not yet.
    func setsSecureParam(in view: Snapshot) -> Bool {
        guard let parameters = type.parameters, case .object(let given) = after?[parameters.field] else { return false }
        let before = previous?[parameters.field]
        return given.contains { before?[$0.key] != $0.value && view.isSecure($0.key, parameters) }
    }

    /// Whether a user gets another password.
    var setsPassword: Bool {
        type.typeName == "users" && after?["PasswordHash"] != previous?["PasswordHash"]
    }
}
