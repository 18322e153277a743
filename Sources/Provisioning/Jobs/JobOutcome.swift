import Basics
import JSON
import Tracker

/// What the end of a machine's current job does to the machine (C §15.2): one that failed is tried again or handled, as the
/// machine's params say, and a machine that is to work step by step stops.
struct JobOutcome: DraftEffects {
    var looksAt: [TypeName] { ["machines", "profiles", "stages", "params", "tasks"] }
    /// A job that ends again because something is undone has had its outcome, which comes back with it.
    var followsRestorations: Bool { false }

    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        guard let job = change.after, let before = change.before else { return }
        let state = job.text("State")
        guard JobState.isDone(state), !JobState.isDone(before.text("State")) else { return }
        guard let machine = draft.view.object("machines", job.text("Machine")),
            machine.text("CurrentJob").hasSameUTF8(as: job.key.string)
        else { return }
        let resolution = try ParamResolution(of: machine, "machines", in: draft.view)
        let isStopped = state == "finished" && resolution.value(of: "task-single-step")?.boolValue == true
        // So ends nearly every job.
        if state == "finished", !isStopped, !TaskRetries.isWaiting(machine) { return }
        var members = machine.object
        if state == "finished" {
            members["RetryTaskAttempt"] = 0
            if isStopped { members["Runnable"] = false }
        } else if !retry(job, &members, resolution) {
            try handle(job, &members, resolution, in: &draft)
        }
        guard members != machine.object else { return }
        try draft.updateAsServer("machines", at: machine.key.string) { object in object = members }
    }

    /// Has the job's task tried again after a while, if it may be.
    private func retry(_ job: StoredObject, _ machine: inout JSONObject, _ resolution: ParamResolution) -> Bool {
        let most = resolution.value(of: "task-retry")?.objectValue?[job.text("Task")]?.intValue ?? 0
        let attempts = machine.int("RetryTaskAttempt")
        guard attempts < most else {
            machine["RetryTaskAttempt"] = 0
            return false
        }
        machine["RetryTaskAttempt"] = JSONValue(attempts + 1)
        machine["Runnable"] = false
        return true
    }

    /// Has the tasks run that are to handle the failure of the job's task; when they are done, that is tried again. The
    /// failure of one of them is not handled.
    private func handle(
        _ job: StoredObject, _ machine: inout JSONObject, _ resolution: ParamResolution, in draft: inout Draft
    ) throws(TrackerError) {
        let value = resolution.value(of: "task-error-handlers")?.objectValue?[job.text("Task")]?.arrayValue ?? []
        let handlers = value.compactMap(\.stringValue)
        guard !handlers.isEmpty, machine.objects("TaskErrorStacks").isEmpty else { return }
        if let unknown = handlers.first(where: { !draft.view.contains("tasks", $0) }) {
            let problem = "task-error-handlers: Task \(unknown) does not exist, so the failure is not handled\n"
            return try draft.appendLog(problem.utf8, of: job.key)
        }
        machine["TaskErrorStacks"] = [
            ["CurrentTask": machine["CurrentTask"] ?? 0, "TaskList": machine["Tasks"] ?? []]
        ]
        machine["Tasks"] = JSONValue(handlers)
        machine["CurrentTask"] = -1
        machine["WorkflowComplete"] = false
        machine["Runnable"] = true
    }
}
