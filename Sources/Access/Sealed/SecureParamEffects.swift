import JSON
import Tracker

/// Has the values that there are of a parameter sealed when it becomes secure, and opened when it ceases to be (C §9).
///
/// Where the declaration goes away altogether its values stay as they are: nobody said that they are no secrets.
struct SecureParamEffects: DraftEffects {
    /// What the objects declare.
    let parameters: ParameterConventions

    var looksAt: [TypeName] { [SealingKeys.typeName] }

    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        guard let after = change.after else { return }
        let (was, isSecure) = (change.before?.isSecure(parameters) ?? false, after.isSecure(parameters))
        if isSecure && !was {
            try draft.sealValues(of: change.id.key.string, parameters)
        } else if was && !isSecure {
            try draft.openValues(of: change.id.key.string, parameters)
        }
    }
}

extension Draft {
    /// Seals every value in clear of the parameter `name`, wherever it stands.
    fileprivate mutating func sealValues(
        of name: String, _ parameters: ParameterConventions
    ) throws(TrackerError) {
        try amendValues(of: name, parameters, where: { !SecureData.isSealed($0) }) {
            (value, holder, draft) throws(TrackerError) in try draft.sealed(value, of: name, for: holder)
        }
    }

    /// Opens every sealed value of the parameter `name`; a box without its key stays closed. Whoever has that done must be one who
    /// may open them.
    fileprivate mutating func openValues(
        of name: String, _ parameters: ParameterConventions
    ) throws(TrackerError) {
        if let rights = request.authorization as? WriteRights {
            for type in view.catalog.types where type.has(parameters) {
                let holders = holders(of: name, in: parameters.field, of: type) { SecureData.isSealed($0.value()) }
                try rights.authorizeOpening(holders, in: view)
            }
        }
        try amendValues(of: name, parameters, where: SecureData.isSealed) {
            (value, holder, draft) throws(TrackerError) in
            guard let pair = draft.view.sealingKeys(of: holder), let box = try? SecureData(value) else { return value }
            return (try? box.open(with: pair)) ?? value
        }
    }

    private mutating func amendValues(
        of name: String, _ parameters: ParameterConventions, where isConcerned: (JSONValue) -> Bool,
        _ change: (JSONValue, ObjectID, inout Draft) throws(TrackerError) -> JSONValue
    ) throws(TrackerError) {
        for type in view.catalog.types where type.has(parameters) {
            for id in holders(of: name, in: parameters.field, of: type, where: { isConcerned($0.value()) }) {
                try rewriteEverywhere(id) { (object, draft) throws(TrackerError) in
                    guard var given = object[parameters.field]?.objectValue, let value = given[name], isConcerned(value)
                    else { return }
                    given[name] = try change(value, id, &draft)
                    object[parameters.field] = .object(given)
                }
            }
        }
    }
}

extension ObjectType {
    /// Whether objects have values that the same objects declare as `other`'s.
    fileprivate func has(_ other: ParameterConventions) -> Bool { parameters?.declaredBy == other.declaredBy }
}
