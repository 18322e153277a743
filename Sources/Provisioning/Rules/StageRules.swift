import JSON
import Tracker

/// What stages must be; what they refer to may be missing, and then they cannot be used (C §6).
struct StageRules: ObjectRules {
    var looksAt: [TypeName] { ["params"] }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkName(.name, "Name", object.text("Name"))
        findings.checkParamLists(of: object)
        findings.checkParams(of: object, change)
        findings.checkTemplates(of: object, isPathRequired: true, change)
        for entry in object.texts("Tasks") { findings.checkEntry(entry, isInStage: true) }
        checkBootEnv(object.text("BootEnv"), change, &findings)
        for (index, entry) in object.texts("Tasks").enumerated() {
            guard case .task(let name) = TaskEntry(entry), change.object("tasks", name) == nil else { continue }
            findings.addDangling("Task \(name) (at \(index)) does not exist")
        }
        for (index, name) in object.texts("Profiles").enumerated() {
            findings.checkName(.name, "Profile", name)
            if change.object("profiles", name) == nil {
                findings.addDangling("Profile \(name) (at \(index)) does not exist")
            }
        }
    }

    private func checkBootEnv(_ name: String, _ change: ChangeContext, _ findings: inout Findings) {
        guard !name.isEmpty else { return }
        findings.checkName(.name, "BootEnv", name)
        guard let bootEnv = change.object("bootenvs", name) else {
            return findings.addDangling("BootEnv \(name) does not exist")
        }
        if bootEnv.flag("OnlyUnknown") {
            findings.addUnavailable(MachineRules.onlyUnknown(name))
        } else if !bootEnv.isAvailable {
            findings.addUnavailable("BootEnv \(name) is not available")
        }
    }

    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        try change.refuseIfPreferred("Stage", by: [.defaultStage])
    }
}
