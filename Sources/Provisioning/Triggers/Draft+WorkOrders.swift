import Basics
import JSON
public import Tracker

/// Work orders on machines: while one runs, its tasks are the machine's task list; afterwards the machine is where it was.
extension Draft {
    /// The order that runs on a machine; nil if none does.
    func runningWorkOrder(on machine: ByteString) -> StoredObject? {
        view.runningWorkOrder(on: machine)
    }

    /// Has an order that is done run again, as if it were made anew: with the same tasks, params and profiles. It takes the same
    /// rights.
    ///
    /// - Throws: `notFound`; `conflict` of one that waits or runs; `invalid` when its machine is gone; `denied`.
    public mutating func restartWorkOrder(at path: String) throws(TrackerError) -> StoredObject {
        let order = try object("work_orders", at: path)
        let state = order.text("State")
        guard !WorkOrderState.isOpen(state) else {
            let message = "Work order \(order.key) is \(state), and can be restarted once it is done: cancel it first"
            throw TrackerError(.conflict, "work_orders", key: order.key.string, message)
        }
        try authorizeRemaking(order, "work_orders")
        guard view.contains("machines", order.text("Machine")) else {
            let message = "Machine \(order.text("Machine")) does not exist"
            throw TrackerError(.invalid, "work_orders", key: order.key.string, message)
        }
        let now = environment.now().description
        return try updateAsServer("work_orders", at: order.key.string) { object in
            (object["State"], object["Status"], object["CreateTime"]) = ("created", "", .string(now))
            (object["StartTime"], object["EndTime"], object["CurrentJob"]) = (nil, nil, nil)
        }
    }

    /// Begins the oldest order that waits for a machine, if the machine has nothing else to do.
    mutating func beginWorkOrder(on machine: ByteString) throws(TrackerError) {
        guard let stored = view[ObjectID("machines", machine)], isIdle(stored), let order = nextWorkOrder(of: machine)
        else { return }
        let now = environment.now().description
        if let problem = problem(with: order) {
            try updateAsServer("work_orders", at: order.key.string) { object in
                (object["State"], object["Status"], object["EndTime"]) = ("failed", .string(problem), .string(now))
            }
            return
        }
        let before = stored.object
        try updateAsServer("work_orders", at: order.key.string) { object in
            (object["State"], object["StartTime"]) = ("running", .string(now))
            object["Suspended"] = [
                "CurrentTask": before["CurrentTask"] ?? 0, "TaskList": before["Tasks"] ?? [],
                "Job": before["CurrentJob"] ?? "", "Context": before["Context"] ?? "",
            ]
        }
        try updateAsServer("machines", at: machine.string) { object in
            object["Tasks"] = JSONValue(order.texts("Tasks"))
            (object["CurrentTask"], object["WorkflowComplete"]) = (-1, false)
            object["Context"] = .string(order.text("Context"))
        }
    }

    /// Ends the order that runs on a machine, and lets that go on where it was.
    mutating func endWorkOrder(_ order: StoredObject, _ state: String, _ status: String) throws(TrackerError) {
        let (now, machine) = (environment.now().description, order.text("Machine"))
        let (members, suspended) = (view.object("machines", machine)?.object, order.object.members("Suspended"))
        let job = members?.text("CurrentJob") ?? ""
        try updateAsServer("work_orders", at: order.key.string) { object in
            (object["State"], object["Status"], object["EndTime"]) = (.string(state), .string(status), .string(now))
            object["CurrentJob"] = .string(job)
            object["Suspended"] = nil
        }
        guard members != nil else { return }
        try markCurrent(job, false)
        try markCurrent(suspended.text("Job"), true)
        try updateAsServer("machines", at: machine) { object in
            (object["Tasks"], object["CurrentTask"]) = (suspended["TaskList"] ?? [], suspended["CurrentTask"] ?? 0)
            object["CurrentJob"] = suspended["Job"]
            object["Context"] = suspended["Context"]
            (object["WorkflowComplete"], object["RetryTaskAttempt"]) = (true, 0)
            (object["TaskErrorStacks"], object["Runnable"]) = ([], true)
        }
    }

    private mutating func markCurrent(_ job: String, _ isCurrent: Bool) throws(TrackerError) {
        guard view.contains("jobs", job) else { return }
        try updateAsServer("jobs", at: job) { $0["Current"] = .bool(isCurrent) }
    }

    /// Whether a machine waits for something to do, and could do it.
    private func isIdle(_ machine: StoredObject) -> Bool {
        guard machine.isAvailable, machine.flag("Runnable"), machine.flag("WorkflowComplete"), !machine.flag("Locked")
        else { return false }
        let state = view.object("jobs", machine.text("CurrentJob"))?.text("State") ?? "finished"
        return JobState.isDone(state) && runningWorkOrder(on: machine.key) == nil
    }

    private func nextWorkOrder(of machine: ByteString) -> StoredObject? {
        view.openWorkOrders(of: machine).filter { $0.text("State") == "created" }
            .min { ($0.text("CreateTime"), $0.key) < ($1.text("CreateTime"), $1.key) }
    }

    /// Why an order cannot be begun; nil if it can.
    private func problem(with order: StoredObject) -> String? {
        for entry in order.texts("Tasks") {
            if case .task(let name) = TaskEntry(entry), !view.contains("tasks", name) {
                return "Task \(name) does not exist"
            }
        }
        return nil
    }
}

extension Snapshot {
    /// The orders of a machine that wait or run.
    func openWorkOrders(of machine: ByteString) -> [StoredObject] {
        guard let table = self["work_orders"], table.count > 0 else { return [] }
        return keys("work_orders", where: .field(WorkOrderState.indexedField), spelled: machine.string)
            .compactMap { table[$0] }
    }

    /// The order that runs on a machine; nil if none does.
    func runningWorkOrder(on machine: ByteString) -> StoredObject? {
        openWorkOrders(of: machine).first { $0.text("State") == "running" }
    }
}
