import JSON
import Tracker

/// What workflows must be: lists of stages that exist and can be used.
struct WorkflowRules: ObjectRules {
    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkName(.name, "Name", object.text("Name"))
        for name in object.texts("Stages") {
            findings.checkName(.name, "Stage Name", name)
            guard let stage = change.object("stages", name) else {
                findings.addDangling("Stage \(name) does not exist")
                continue
            }
            if !stage.isAvailable { findings.addUnavailable("Stage \(name) is not available") }
        }
    }

    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        try change.refuseIfPreferred("Workflow", by: [.defaultWorkflow])
    }
}
