import JSON
import Tracker

/// What pools must be.
struct PoolRules: ObjectRules {
    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkName(.name, "Id", object.text("Id"))
    }
}
