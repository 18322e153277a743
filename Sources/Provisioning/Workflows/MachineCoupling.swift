import Basics
import JSON
import Tracker

/// What follows from the fields of a machine that a client sets, for its other fields (C §15.2).
struct MachineCoupling {
    private let previous: JSONObject
    private let change: ChangeContext

    /// The consequences of a client's change of the machine that was `previous`.
    init(_ previous: JSONObject, _ change: ChangeContext) { (self.previous, self.change) = (previous, change) }

    /// Sets what a new machine is to do: its workflow or, without one, its stage, unless it comes with tasks of its own. Nothing
    /// runs on it that would have to wait.
    ///
    /// - Throws: `overBudget` when that comes to too many tasks.
    static func begin(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        let ownTasks = object.texts("Tasks")
        if !object.text("Workflow").isEmpty {
            var work = MachineWork(object, in: change.view)
            try work.beginWorkflow()
            object = work.machine
        } else if ownTasks.isEmpty {
            var work = MachineWork(object, in: change.view)
            try work.beginStage()
            object = work.machine
        }
        let tasks = object.texts("Tasks")
        object["CurrentTask"] = tasks.isEmpty ? 0 : -1
        object["WorkflowComplete"] = .bool(tasks.isEmpty)
        object["Runnable"] = true
    }

    /// Draws all consequences.
    ///
    /// - Throws: `invalid` for what may not be set by hand; `overBudget` when a workflow comes to too many tasks.
    func couple(_ object: inout JSONObject) throws(TrackerError) {
        try coupleWork(&object)
        if isStopped(object) { object["RetryTaskAttempt"] = 0 }
    }

    /// Whether somebody stops a machine that waits to try a task again: it has stopped already, and the server lets it go on by
    /// itself unless it is told not to. Its own runner says so whenever a task fails.
    private func isStopped(_ object: JSONObject) -> Bool {
        guard !object.flag("Runnable"), previous.int(TaskRetries.indexedField) > 0,
            change.names("Runnable") || previous.flag("Runnable"),
            !change.request.principal.hasSameUTF8(as: "\(MachineClaims.runner):\(change.key)")
        else { return false }
        return change.object("jobs", previous.text("CurrentJob"))?.text("State") == "failed"
    }

    private func coupleWork(_ object: inout JSONObject) throws(TrackerError) {
        var work = MachineWork(object, in: change.view)
        if differs("Workflow", object) {
            if object.text("Workflow").isEmpty {
                // Who leaves a workflow for a stage of their own is put into that.
                try work.endWorkflow(keepingStage: differs("Stage", object))
            } else {
                try work.beginWorkflow()
            }
            object = work.machine
            return
        }
        try refuseByWorkflow(object)
        if differs("Stage", object) {
            try refuseByTasks(object)
            try work.beginStage()
            object = work.machine
            return
        }
        if differs("BootEnv", object) {
            work.noteNewBootEnv()
            object = work.machine
        }
        try coupleTasks(&object)
    }

    /// Of a machine in a workflow, stage and bootenv follow from that alone.
    private func refuseByWorkflow(_ object: JSONObject) throws(TrackerError) {
        let workflow = object.text("Workflow")
        guard !workflow.isEmpty else { return }
        for field in ["Stage", "BootEnv"] where differs(field, object) {
            throw refusal(
                "Cannot change \(field) from \(previous.text(field)) to \(object.text(field)): the machine is in the workflow "
                    + "\(workflow), which sets it. Change the Workflow, or clear it first")
        }
    }

    /// A machine with work to do is put into another stage only by force.
    private func refuseByTasks(_ object: JSONObject) throws(TrackerError) {
        guard TaskPosition(previous).isPending, !change.request.isForced else { return }
        throw refusal("Can not change stages with pending tasks unless forced")
    }

    /// Has the place follow from the list, and checks what is done to either by hand.
    private func coupleTasks(_ object: inout JSONObject) throws(TrackerError) {
        let (before, tasks) = (TaskPosition(previous), object.texts("Tasks"))
        if differs("Tasks", object) {
            if let problem = before.problem(withTasks: tasks) { throw refusal(problem) }
            if !differs("CurrentTask", object), tasks.isEmpty != before.tasks.isEmpty {
                object["CurrentTask"] = tasks.isEmpty ? 0 : -1
            } else {
                try move(&object, before)
            }
        } else {
            try move(&object, before)
        }
        object["WorkflowComplete"] = .bool(object.int("CurrentTask") >= tasks.count)
    }

    private func move(_ object: inout JSONObject, _ before: TaskPosition) throws(TrackerError) {
        let place = object.int("CurrentTask")
        guard place != before.current else { return }
        if place == -1 {
            object["CurrentTask"] = JSONValue(before.beginning(isInWorkflow: !object.text("Workflow").isEmpty))
        } else if let problem = before.problem(withMoveTo: place) {
            throw refusal(problem)
        }
        object["RetryTaskAttempt"] = 0
    }

    private func differs(_ field: String, _ object: JSONObject) -> Bool { previous[field] != object[field] }

    private func refusal(_ message: String) -> TrackerError {
        TrackerError(.invalid, change.type.typeName, key: change.key, message)
    }
}
