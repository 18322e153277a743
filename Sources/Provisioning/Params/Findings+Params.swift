import JSON
import Tracker

extension Findings {
    /// Checks an object's own params: their names, and their values against the schemas of the Params of those names.
    ///
    /// Values that a client leaves as they are, and objects that are only looked at again, are not held to a schema
    /// that came later (C §6). What a pack brings wrong makes its object unavailable; a client's wrong value refuses
    /// the write.
    mutating func checkParams(of object: JSONObject, _ change: ChangeContext) {
        let before = change.previous?.members("Params") ?? [:]
        var work = StepBudget(ParamSchema.maxSteps)
        for (name, value) in object.members("Params") {
            checkName(.param, "Param Name", name)
            if change.action == .revalidate || change.action != .load && before[name] == value { continue }
            guard let problem = ParamSchema.of(name, in: change.view)?.problem(with: value, within: &work) else {
                continue
            }
            if change.action == .load { addMissing(problem) } else { addRefusal(problem) }
        }
    }

    /// Checks the names in `RequiredParams` and `OptionalParams`.
    mutating func checkParamLists(of object: JSONObject) {
        for name in object.texts("RequiredParams") { checkName(.param, "Required Param", name) }
        for name in object.texts("OptionalParams") { checkName(.param, "Optional Param", name) }
    }

    /// Refuses a name that breaks its rule.
    ///
    /// - Parameter what: what the name names: `Name`, `BootEnv`.
    mutating func checkName(_ rule: NameRule, _ what: String, _ name: String) {
        if !rule.allows(name) { addError("Invalid \(what) `\(name)`") }
    }
}
