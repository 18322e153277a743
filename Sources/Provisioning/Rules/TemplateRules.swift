import JSON
import Templates
import Tracker

/// What templates must be: text that the engine can parse.
struct TemplateRules: ObjectRules {
    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkName(.machine, "ID", object.text("ID"))
        do throws(TemplateError) {
            _ = try Template(parsing: object.text("Contents"), name: object.text("ID"))
        } catch {
            findings.addError(error.description)
        }
    }
}
