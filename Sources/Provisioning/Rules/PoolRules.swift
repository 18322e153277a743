import Basics
import JSON
import Tracker

/// What pools must be (C §5.3, §19).
struct PoolRules: ObjectRules {
    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        let id = object.text("Id")
        findings.checkName(.name, "Id", id)
        checkPool("ParentPool", of: object, &findings)
        if !object.text("ParentPool").isEmpty, object.text("ParentPool").hasSameUTF8(as: id) {
            findings.addError("ParentPool is the pool itself: leave it out, or name another one")
        }
        for transition in PoolTransition.allCases {
            checkActions(object.members(transition.field), transition.field, &findings)
        }
        checkAutoFill(object.members("AutoFill"), of: id, &findings)
    }

    private func checkPool(_ field: String, of object: JSONObject, _ findings: inout Findings) {
        let name = object.text(field)
        if !name.isEmpty { findings.checkName(.name, field, name) }
    }

    private func checkActions(_ record: JSONObject, _ field: String, _ findings: inout Findings) {
        let actions = PoolActions(record)
        if !actions.workflow.isEmpty { findings.checkName(.name, "\(field) Workflow", actions.workflow) }
        for name in actions.addedProfiles { findings.checkName(.name, "\(field) Profile", name) }
        for name in actions.addedParams.keys { findings.checkName(.param, "\(field) Param Name", name) }
    }

    private func checkAutoFill(_ record: JSONObject, of pool: String, _ findings: inout Findings) {
        for field in ["MinFree", "MaxFree"] where !(0...AutoFill.mostFree ~= record.int(field)) {
            findings.addError("AutoFill \(field) must be from 0 to \(AutoFill.mostFree), not \(record.int(field))")
        }
        let (least, most) = (record.int("MinFree"), record.int("MaxFree"))
        if most > 0, most < least { findings.addError("AutoFill MaxFree \(most) is less than MinFree \(least)") }
        for field in ["AcquirePool", "ReturnPool"] {
            checkPool(field, of: record, &findings)
            if record.text(field).hasSameUTF8(as: pool) {
                findings.addError("AutoFill \(field) is the pool itself: leave it out, or name another one")
            }
        }
        for name in record.members("CreateParameters").keys {
            findings.checkName(.param, "AutoFill Param Name", name)
        }
    }
}
