import JSON
import Tracker

/// Of a type that has parameters, keeps the values of secure ones in sealed boxes (C §9).
///
/// As an effect it seals what is in clear. As rules it stands before the type's own. Those are shown what is in the boxes that
/// a change brings in, so they judge values and need not know of boxes. Nothing else is opened: a box that stays as it was, or
/// moves from one change to the next, costs nothing.
struct SealedParams: ObjectRules, DraftEffects {
    /// The type's own rules.
    let rules: any ObjectRules
    /// Where the values stand, and what says which are secure.
    let parameters: ParameterConventions

    /// Which parameters are secure and what the keys are must not change while a large write is drafted.
    var looksAt: [TypeName] { rules.looksAt + [parameters.declaredBy, SealingKeys.typeName] }

    func prepare(_ object: inout JSONObject, _ change: ChangeContext, in draft: inout Draft) throws(TrackerError) {
        let holder = ObjectID(change.type.typeName, ByteString(change.key))
        if change.action == .create { try draft.removeSealingKeys(of: holder) }
        guard draft.view.hasSecureParams(parameters) else { return }
        guard case .object(var given) = object[parameters.field], !given.isEmpty else { return }
        let before = change.previous?[parameters.field]?.objectValue ?? [:]
        for (name, value) in given where before[name] != value && !SecureData.isSealed(value) {
            guard draft.view.isSecure(name, parameters) else { continue }
            let isGiven = change.action != .load
            given[name] =
                isGiven
                ? try draft.sealed(value, for: holder, over: before[name])
                : try draft.sealed(value, of: name, for: holder)
        }
        object[parameters.field] = .object(given)
    }

    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        try rules.complete(&object, change)
    }

    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        try rules.checkRemoval(of: object, change)
    }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        var object = object
        if case .object(let given) = object[parameters.field],
            given.members.contains(where: { SecureData.isSealed($0.value) })
        {
            object[parameters.field] = .object(opened(given, change, &findings))
        }
        rules.check(object, change, &findings)
    }

    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        if change.after == nil { try draft.removeSealingKeys(of: change.id) }
    }

    /// The values with the boxes opened that the change brings in; one that cannot be opened is a problem.
    private func opened(_ given: JSONObject, _ change: ChangeContext, _ findings: inout Findings) -> JSONObject {
        let before = change.action == .load ? [:] : change.previous?[parameters.field]?.objectValue ?? [:]
        let holder = ObjectID(change.type.typeName, ByteString(change.key))
        var opened = given
        for (name, value) in given where SecureData.isSealed(value) && before[name] != value {
            guard change.view.isSecure(name, parameters) else { continue }
            // Whose key was left behind stays sealed: it may come back.
            if change.action == .adopt, change.view.sealingKeys(of: holder) == nil { continue }
            do throws(SealedError) {
                let box = try SecureData(value)
                guard let pair = change.view.sealingKeys(of: holder) else { throw .corrupted }
                opened[name] = try box.open(with: pair)
            } catch {
                let remedy = error == .corrupted ? ": it is not sealed with the present pubkey of \(holder)" : ""
                findings.addRefusal("Key '\(name)': \(error)\(remedy)")
            }
        }
        return opened
    }
}

extension Draft {
    /// Seals a value that somebody gives; one that is in the box already stays there.
    fileprivate mutating func sealed(
        _ value: JSONValue, for holder: ObjectID, over before: JSONValue?
    ) throws(TrackerError) -> JSONValue {
        let pair = try sealingKeys(of: holder)
        if let before, let box = try? SecureData(before), (try? box.open(with: pair)) == value { return before }
        return SecureData.seal(value, for: pair, environment).value
    }

    /// Seals a value that was there before, in packs and elsewhere: what is the same comes out the same, so that loading
    /// a pack again changes nothing.
    mutating func sealed(
        _ value: JSONValue, of name: String, for holder: ObjectID
    ) throws(TrackerError) -> JSONValue {
        SecureData.seal(value, of: name, for: try sealingKeys(of: holder)).value
    }
}
