import Basics
import JSON
import Tracker

/// What jobs must be, and which may go (C §5.1, §15.4).
struct JobRules: ObjectRules {
    private static let states: Set<Identifier> = ["created", "running", "incomplete", "failed", "finished"]
    private static let exitStates: Set<Identifier> = ["", "reboot", "poweroff", "stop", "complete", "failed"]

    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        if change.action == .create { object.setDefault("Uuid", change.environment.uuid()) }
        guard let previous = change.previous, change.action == .update || change.action == .save else { return }
        let (old, new) = (previous.text("State"), object.text("State"))
        guard old != new else { return }
        if let problem = Self.problem(withStepFrom: old, to: new) {
            throw TrackerError(.invalid, "jobs", key: change.key, problem)
        }
        if JobState.isDone(new) {
            object["EndTime"] = .string(change.environment.now().description)
            object.setDefault("ExitState", new == "finished" ? "complete" : new)
        }
    }

    /// What keeps a job from going from one state to another; nil if nothing does. Whatever is done stays done, or it would be
    /// done twice.
    private static func problem(withStepFrom old: String, to new: String) -> String? {
        guard states.contains(Identifier(new)) else { return nil }
        if JobState.isDone(old) || new == "created" {
            return
                "Cannot change State from \(old) to \(new): a job goes from created to running, and ends as finished or failed"
        }
        return nil
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
        guard !JobState.isDone(state) else { return }
        throw TrackerError(
            .invalid, "jobs", key: change.key, "Jobs \(change.key) is not in a deletable state: \(state)")
    }
}
