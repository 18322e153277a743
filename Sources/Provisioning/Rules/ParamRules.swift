import JSON
import Tracker

/// What params must be: a schema that compiles, with a default that it accepts.
struct ParamRules: ObjectRules {
    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkName(.param, "Name", object.text("Name"))
        guard let schema = object["Schema"], !schema.isNull else { return }
        switch SchemaCache.shared.compiled(schema) {
        case .failure(let error): findings.addError(error.description)
        case .success(let compiled):
            guard let initial = schema["default"] else { return }
            for problem in compiled.problems(of: initial) { findings.addError("Error in default value: \(problem)") }
        }
    }
}
