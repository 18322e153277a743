import Basics
import JSON
import Tracker

/// What jobs must be, and which may go (C §5.1, §15.4).
struct JobRules: ObjectRules {
    private static let states: Set<Identifier> = ["created", "running", "incomplete", "failed", "finished"]
    private static let exitStates: Set<Identifier> = ["", "reboot", "poweroff", "stop", "complete", "failed"]

    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        if change.action == .create { object.setDefault("Uuid", change.environment.uuid()) }
    }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        if case .task(let name) = TaskEntry(object.text("Task")) { findings.checkName(.name, "Task", name) }
        findings.checkName(.name, "Stage", object.text("Stage"))
        let (state, exitState) = (object.text("State"), object.text("ExitState"))
        if !Self.states.contains(Identifier(state)) { findings.addError("Invalid State `\(state)`") }
        if !Self.exitStates.contains(Identifier(exitState)) { findings.addError("Invalid ExitState `\(exitState)`") }
    }

    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        let state = object.text("State")
        guard state != "finished", state != "failed" else { return }
        throw TrackerError(
            .invalid, "jobs", key: change.key, "Jobs \(change.key) is not in a deletable state: \(state)")
    }
}
