import Basics
import JSON
import Tracker

/// What is demanded of tenants.
struct TenantRules: ObjectRules {
    /// What tenants may list.
    let scopes: Scopes

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        let name = object.text("Name")
        if !NameRule.name.allows(name) { findings.addError("Invalid Name `\(name)`") }
        for typeName in object["Members"]?.objectValue?.keys ?? [] where !scopes.isObjectType(typeName) {
            findings.addError("Invalid \(typeName)")
        }
        for user in Set(object.texts("Users").map { Identifier($0) }).sorted() {
            let others = change.view.keys("tenants", where: .field("Users"), is: user.text).filter {
                $0 != ByteString(change.key)
            }
            for other in others { findings.addError("User \(user) is already in tenant \(other)") }
        }
    }

    /// A tenant stays while it has users: without it they would see everything.
    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        let users = object.texts("Users")
        guard users.isEmpty else {
            let message = "Constraining Users: [\(users.joined(separator: " "))]"
            throw TrackerError(.stillInUse, "tenants", key: change.key, message)
        }
    }
}
