import Basics
import JSON
import Tracker

/// Takes machines on through their pools when the workflow of a transition is complete (C §19).
struct PoolProgress: DraftEffects {
    var looksAt: [TypeName] {
        ["pools", PoolTransfer.typeName, "workflows", "stages", "tasks", "bootenvs", "profiles", "params"]
    }

    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        let leaves = Self.isLeaving(change.before)
        guard let machine = change.after else {
            if leaves { try draft.setPoolTransfer(nil, of: change.id.key) }
            return
        }
        guard let status = PoolStatus(named: machine.text("PoolStatus")), let transition = status.transition else {
            // Somebody put it elsewhere by hand.
            if leaves { try draft.setPoolTransfer(nil, of: machine.key) }
            return
        }
        if leaves, transition != .leave { try draft.setPoolTransfer(nil, of: machine.key) }
        if machine.flag("WorkflowComplete") {
            try end(transition, of: machine, in: &draft)
        } else if status.isHeld, let before = change.before, before.text("CurrentJob") != machine.text("CurrentJob") {
            // Whoever looked after the failure has it go on.
            try draft.updateAsServer("machines", at: machine.key.string) { machine in
                machine["PoolStatus"] = .string(transition.running.rawValue)
            }
        }
    }

    private static func isLeaving(_ machine: StoredObject?) -> Bool {
        machine.flatMap { PoolStatus(named: $0.text("PoolStatus")) }?.transition == .leave
    }

    /// Ends a transition. If what is to be done next cannot be, since a profile of it is gone, say, the machine is held until it
    /// changes again: whoever ended the workflow is not to blame.
    private func end(
        _ transition: PoolTransition, of machine: StoredObject, in draft: inout Draft
    ) throws(TrackerError) {
        var attempt = draft
        do throws(TrackerError) {
            let transfer = draft.view.poolTransfer(of: machine.key)
            var move = PoolMove(machine.object, transfer: transfer, in: draft.view)
            try move.end(transition)
            let members = move.machine
            try attempt.setPoolTransfer(nil, of: machine.key)
            try attempt.updateAsServer("machines", at: machine.key.string) { object in object = members }
            draft = attempt
        } catch {
            guard !machine.text("PoolStatus").hasSameUTF8(as: transition.held.rawValue) else { return }
            try draft.updateAsServer("machines", at: machine.key.string) { object in
                object["PoolStatus"] = .string(transition.held.rawValue)
            }
        }
    }
}

/// Holds machines in their transition when a task of its workflow has failed for good: it is neither tried again nor handled
/// (C §19).
struct PoolHold: DraftEffects {
    var looksAt: [TypeName] { ["machines"] }
    /// A job that ends again because something is undone has had its outcome, which comes back with it.
    var followsRestorations: Bool { false }

    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        guard let job = change.after, job.text("State") == "failed", change.before?.text("State") != "failed",
            let machine = draft.view.object("machines", job.text("Machine")),
            machine.text("CurrentJob").hasSameUTF8(as: job.key.string),
            let transition = PoolStatus(named: machine.text("PoolStatus"))?.transition,
            !Self.isGoingOn(machine.object)
        else { return }
        try draft.updateAsServer("machines", at: machine.key.string) { machine in
            machine["PoolStatus"] = .string(transition.held.rawValue)
        }
    }

    /// Whether the failure is dealt with: the task is about to be tried again, or its handlers are about to run.
    private static func isGoingOn(_ machine: JSONObject) -> Bool {
        machine.int("RetryTaskAttempt") > 0
            || machine.int("CurrentTask") < 0 && !machine.objects("TaskErrorStacks").isEmpty
    }
}
