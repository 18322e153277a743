import Basics
import JSON
import Tracker

/// What is demanded of roles.
struct RoleRules: ObjectRules {
    /// What may be claimed.
    let scopes: Scopes

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        let name = object.text("Name")
        if !NameRule.name.allows(name) { findings.addError("Invalid Name `\(name)`") }
        for claim in Claim.list(object["Claims"]) {
            for problem in claim.problems(in: scopes) { findings.addError(problem) }
        }
    }

    /// A role stays while users have it, and the one that may do everything always.
    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        let holders = change.view.keys("users", where: .field("Roles"), is: change.key)
        if holders.isEmpty, change.key.hasSameUTF8(as: scopes.model.builtInRole) {
            throw TrackerError(
                .stillInUse, "roles", key: change.key, "Role \(change.key) is built in, cannot remove it")
        }
        guard holders.isEmpty else {
            throw TrackerError(
                .stillInUse, "roles", key: change.key,
                holders.map { change.mayTell("users", $0) ? "In use by User \($0)" : "In use by a User" })
        }
    }
}
