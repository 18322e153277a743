import JSON
public import Tracker

/// Jobs of entries that are actions, which the server itself runs (C §15.3).
extension Draft {
    /// Ends the job of an action. One that failed keeps its machine from going on.
    ///
    /// - Parameters:
    ///   - job: the job's key.
    ///   - failed: whether the action was refused or failed.
    ///   - text: what its log says.
    /// - Throws: `notFound` when the job is gone.
    public mutating func endAction(_ job: ByteString, failed: Bool, _ text: String) throws(TrackerError) {
        let stored = try object("jobs", at: job.string)
        try appendLog(text.utf8, of: job)
        let machine = stored.text("Machine")
        // Before the job ends, so that what follows from that has the last word.
        if failed, view.contains("machines", machine) {
            try updateAsServer("machines", at: machine) { $0["Runnable"] = false }
        }
        try updateAsServer("jobs", at: job.string) { object in
            object["State"] = failed ? "failed" : "finished"
            object["ExitState"] = failed ? "failed" : "complete"
        }
    }

    /// Ends as failed what a server that was stopped or died left undone: nobody else ever would.
    mutating func failAbandonedActions() throws(TrackerError) {
        for key in view.keys("jobs", where: .field("State"), is: "running") {
            guard let job = view[ObjectID("jobs", key)], case .action = TaskEntry(job.text("Task")) else { continue }
            try endAction(key, failed: true, "The server ended before the action did: what it came to is not known\n")
        }
    }
}
