import Basics
import JSON
import Tracker

/// What is demanded of users.
struct UserRules: ObjectRules {
    /// Gives a user a secret; a new password comes with a new one, which ends the tokens made before (C §4.4, §11.1).
    func complete(_ object: inout JSONObject, _ change: ChangeContext) {
        let secret = object.text("Secret")
        guard let previous = change.previous else {
            if secret.isEmpty { object["Secret"] = .string(change.environment.secret()) }
            return
        }
        let old = previous.text("Secret")
        if !object.text("PasswordHash").hasSameUTF8(as: previous.text("PasswordHash")) {
            if secret.isEmpty || secret.hasSameUTF8(as: old) { object["Secret"] = .string(change.environment.secret()) }
        } else if secret.isEmpty {
            object["Secret"] = .string(old.isEmpty ? change.environment.secret() : old)
        }
    }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        let name = object.text("Name")
        if !NameRule.user.allows(name) { findings.addError("Invalid Name `\(name)`") }
    }
}

extension NameRule {
    /// Names of users: also `@`.
    static let user = NameRule(separators: "- _.@")
}
