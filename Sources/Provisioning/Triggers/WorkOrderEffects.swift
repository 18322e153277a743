import Basics
import JSON
import Tracker

/// What making and cancelling work orders does to their machines.
struct WorkOrderEffects: DraftEffects {
    var looksAt: [TypeName] { ["machines", "jobs", "tasks"] }

    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        guard let order = change.after else { return }
        let (before, state) = (change.before?.text("State") ?? "", order.text("State"))
        if before.isEmpty || !WorkOrderState.isOpen(before) && state == "created" {
            try draft.beginWorkOrder(on: ByteString(order.text("Machine")))
        } else if before == "running", state == "cancelled", change.action == .update {
            try draft.endWorkOrder(order, state, "cancelled")
        }
    }
}

/// What a change of a machine means for its work orders: one that it has worked off has finished, and one that somebody took off
/// the machine's task list is cancelled. A machine that has nothing to do begins the next.
struct MachineWorkOrders: DraftEffects {
    var looksAt: [TypeName] { ["work_orders", "jobs", "tasks"] }

    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        let orders = draft.view.openWorkOrders(of: change.id.key)
        guard !orders.isEmpty else { return }
        guard let machine = change.after else {
            for order in orders { try cancel(order, "the machine is gone", in: &draft) }
            return
        }
        guard let running = orders.first(where: { $0.text("State") == "running" }) else {
            return try draft.beginWorkOrder(on: machine.key)
        }
        // The order is written down as running before its tasks are the machine's.
        guard let before = change.before, isWorking(before, on: running) else { return }
        if !isWorking(machine, on: running) {
            try cancel(running, "the machine was given something else to do", in: &draft)
        } else if machine.flag("WorkflowComplete") {
            try draft.endWorkOrder(running, "finished", "")
        }
    }

    /// Whether the machine's task list is that of the order, or of handlers that a task of it called.
    private func isWorking(_ machine: StoredObject, on order: StoredObject) -> Bool {
        let tasks = order.texts("Tasks")
        let lists = [machine.texts("Tasks")] + machine.object.objects("TaskErrorStacks").map { $0.texts("TaskList") }
        return lists.contains { $0.starts(with: tasks) { $0.hasSameUTF8(as: $1) } }
    }

    private func cancel(_ order: StoredObject, _ status: String, in draft: inout Draft) throws(TrackerError) {
        let now = draft.environment.now().description
        try draft.updateAsServer("work_orders", at: order.key.string) { object in
            object["Suspended"] = nil
            (object["State"], object["Status"], object["EndTime"]) = ("cancelled", .string(status), .string(now))
        }
    }
}

/// What the failure of a job means for the work order that it is of, unless it is tried again or handled: the order has failed,
/// and the machine is as it was before.
struct JobWorkOrders: DraftEffects {
    var looksAt: [TypeName] { ["work_orders", "machines"] }
    /// A job that ends again because something is undone has had its outcome, which comes back with it.
    var followsRestorations: Bool { false }

    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        guard let job = change.after, job.text("State") == "failed", change.before?.text("State") != "failed",
            let machine = draft.view.object("machines", job.text("Machine")),
            machine.text("CurrentJob").hasSameUTF8(as: job.key.string),
            let order = draft.runningWorkOrder(on: machine.key)
        else { return }
        let members = machine.object
        let isHandled = !members.objects("TaskErrorStacks").isEmpty && members.int("CurrentTask") < 0
        guard members.int("RetryTaskAttempt") == 0, !isHandled else { return }
        try draft.endWorkOrder(order, "failed", "job \(job.key) of the task \(job.text("Task")) failed")
    }
}
