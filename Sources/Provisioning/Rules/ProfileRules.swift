import Basics
import JSON
import Tracker

/// What profiles must be, and which may not go.
struct ProfileRules: ObjectRules {
    var looksAt: [TypeName] { ["params"] }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkName(.name, "Name", object.text("Name"))
        findings.checkParams(of: object, change)
        for (index, name) in object.texts("Profiles").enumerated() where change.object("profiles", name) == nil {
            findings.addDangling("Profile \(name) (at \(index)) does not exist")
        }
    }

    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        guard change.leavesNothing else { return }
        if change.key.hasSameUTF8(as: ParamResolution.globalProfile) {
            throw change.inUse(["Profile \(change.key) is the global profile, cannot remove it"])
        }
        let users = change.view.keys("machines", where: .field("Profiles"), is: change.key)
        guard users.isEmpty else {
            throw change.inUse(
                users.map { key in
                    let name = change.object("machines", key.string)?.text("Name") ?? ""
                    return change.mayTell("machines", key) ? "In use by Machine \(name)" : "In use by a Machine"
                })
        }
    }
}
