import JSON
import Tracker

/// What endpoints must be.
struct EndpointRules: ObjectRules {
    var looksAt: [TypeName] { ["params"] }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkName(.endpoint, "Id", object.text("Id"))
        findings.checkParams(of: object, change)
    }
}
