import JSON
import Tracker

/// A machine on its way through pools, while it is being changed (C §19).
struct PoolMove {
    /// The machine's members.
    private(set) var machine: JSONObject
    /// Where it goes once it has left its pool.
    private(set) var transfer: PoolTransfer?
    private let view: Snapshot

    /// The machine of those members, which goes to `transfer` once it has left its pool.
    init(_ machine: JSONObject, transfer: PoolTransfer? = nil, in view: Snapshot) {
        (self.machine, self.transfer, self.view) = (machine, transfer, view)
    }

    /// Begins a transition, and goes on with what follows if it is over at once.
    ///
    /// - Parameter transfer: of leaving, where the machine goes then.
    /// - Throws: `overBudget` when a workflow comes to too many tasks.
    mutating func begin(
        _ transition: PoolTransition, _ actions: PoolActions, to transfer: PoolTransfer? = nil
    ) throws(TrackerError) {
        self.transfer = transfer
        actions.set(on: &machine)
        machine["PoolAllocated"] = .bool(transition == .build)
        machine["PoolStatus"] = .string(transition.running.rawValue)
        if actions.workflow.isEmpty { return try end(transition) }
        var work = MachineWork(machine, in: view)
        try work.beginWorkflow()
        machine = work.machine
        if machine.flag("WorkflowComplete") { try end(transition) }
    }

    /// Ends the transition that the machine is in.
    ///
    /// - Throws: as `begin`.
    mutating func end(_ transition: PoolTransition) throws(TrackerError) {
        if let status = transition.end {
            machine["PoolStatus"] = .string(status.rawValue)
            return
        }
        let parent = view.parentPool(of: machine.text("Pool"))
        let next = transfer ?? PoolTransfer(pool: parent, actions: PoolActions(.join, of: parent, in: view))
        machine["Pool"] = .string(next.pool)
        try begin(.join, next.actions)
    }
}
