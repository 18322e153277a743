import Basics
import JSON
public import Tracker

extension Draft {
    /// Takes a machine to the next entry of its task list that somebody has to work on, and makes a job of it. Entries that only
    /// change the machine are done on the way, each that changes something with a job of its own (C §15.3).
    ///
    /// - Throws: `invalid` of a machine that does not exist; `conflict` of one that has no work done on it now;
    ///   `alreadyExists` of a job that is there already.
    public mutating func nextJob(_ order: JobOrder) throws(TrackerError) -> NextJob {
        let found = view.resolve("machines", order.machine)
        guard let machine = found, request.authorization?.sees(ObjectID("machines", machine.key), in: view) ?? true
        else { throw TrackerError(.invalid, "jobs", "Machine \(order.machine) does not exist") }
        let current = view.object("jobs", machine.text("CurrentJob"))
        // Who did not hear that the job was made asks for it again.
        if let current, !order.uuid.isEmpty, current.key.string.hasSameUTF8(as: order.uuid),
            JobState.isActive(current.text("State"))
        {
            return .resumed(current.key)
        }
        if let problem = Self.whyIdle(machine, current) { throw TrackerError(.conflict, "", problem) }
        guard machine.text("Context").hasSameUTF8(as: order.context) else { return .none }
        var progress = JobProgress(machine, after: current, uuid: order.uuid)
        guard progress.isPending else { return .none }
        if let current, current.text("State").hasSameUTF8(as: "incomplete") { return .resumed(current.key) }
        let next = try progress.advance(in: &self)
        try progress.finish(in: &self)
        return next
    }

    /// Why no work is begun on a machine now; nil if it can be.
    private static func whyIdle(_ machine: StoredObject, _ job: StoredObject?) -> String? {
        let name = "Machine \(machine.key)"
        if machine.flag("Locked") { return "\(name) is locked" }
        if !machine.isAvailable {
            return "\(name) is not available: \(machine.texts("Errors").joined(separator: "; "))"
        }
        if !machine.flag("Runnable") { return "\(name) is not runnable" }
        guard let job, JobState.isActive(job.text("State")) else { return nil }
        return "\(name) already has running or created job"
    }
}
