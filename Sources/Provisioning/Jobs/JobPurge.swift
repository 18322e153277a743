public import Basics
import JSON
import Logging
public import Tracker

/// Which jobs are forgotten: those that ended long ago, and the oldest of machines that have many (C §15.4). A machine's current
/// job stays, and so does what has not ended; of a machine that is gone, all may go.
public struct JobPurge: Sendable {
    /// How many jobs of each machine are kept; nil for all.
    public var jobsToKeep: Int?
    /// How long failed jobs are kept; nil for ever.
    public var failedAfter: Duration?
    /// How long finished jobs are kept; nil for ever.
    public var completeAfter: Duration?
    /// Whose jobs are looked at.
    public var machines = Machines.all

    /// Whose jobs are looked at.
    public enum Machines: Sendable {
        /// Those of all machines.
        case all
        /// Those of the machine with that key.
        case one(String)
        /// Those of machines that are gone: they need no other reason to be forgotten.
        case missing
    }

    /// What the preferences say.
    public init(_ preferences: Preferences) {
        jobsToKeep = preferences.jobsToKeep
        failedAfter = preferences.jobsPurgedAfter(failed: true)
        completeAfter = preferences.jobsPurgedAfter(failed: false)
    }

    /// How many jobs go in one commit.
    public static let portion = 500

    /// The jobs that are to be forgotten at `now`, in the order of their machines, oldest first.
    public func jobs(in view: Snapshot, at now: Timestamp) -> [ByteString] {
        var goners: [ByteString] = []
        var ofMachine: (key: String, jobs: [StoredObject]) = ("", [])
        func close() {
            goners += self.goners(of: ofMachine.key, ofMachine.jobs, in: view, at: now)
        }
        if case .one(let machine) = machines {
            let keys = view.keys("jobs", where: .field("Machine"), spelled: machine)
            return self.goners(of: machine, keys.compactMap { view[ObjectID("jobs", $0)] }, in: view, at: now)
        }
        view.forEachObject("jobs", inOrderOf: .field("Machine")) { job in
            let machine = job.text("Machine")
            if !machine.hasSameUTF8(as: ofMachine.key) {
                close()
                ofMachine = (machine, [])
            }
            ofMachine.jobs.append(job)
            return true
        }
        close()
        return goners
    }

    /// The jobs of one machine that are to be forgotten.
    private func goners(
        of machine: String, _ jobs: [StoredObject], in view: Snapshot, at now: Timestamp
    ) -> [ByteString] {
        let isMissing = !view.contains("machines", machine)
        if case .missing = machines { return isMissing ? jobs.map(\.key) : [] }
        let current = view.object("machines", machine)?.text("CurrentJob") ?? ""
        let newestFirst = jobs.map { (job: $0, start: Timestamp(rfc3339: $0.text("StartTime")) ?? .zero) }
            .sorted { ($1.start, $1.job.key) < ($0.start, $0.job.key) }
        var goners: [ByteString] = []
        for (index, entry) in newestFirst.enumerated() {
            let isOld = isOver(entry.job, at: now) || jobsToKeep.map { index >= max(0, $0) } ?? false
            guard isOld, JobState.isDone(entry.job.text("State")), !entry.job.key.string.hasSameUTF8(as: current) else {
                continue
            }
            goners.append(entry.job.key)
        }
        return goners.reversed()
    }

    /// Whether a job has been kept for as long as it is to be.
    private func isOver(_ job: StoredObject, at now: Timestamp) -> Bool {
        let state = job.text("State")
        guard JobState.isDone(state), let time = state == "failed" ? failedAfter : completeAfter,
            let end = Timestamp(rfc3339: job.text("EndTime"))
        else { return false }
        return end + time <= now
    }
}

extension JobPurge {
    /// How often the server forgets jobs by itself.
    private static let interval = Duration.seconds(600)

    /// The service that forgets jobs as the preferences say.
    static let service = DomainService("job-purge") { tracker, logger in
        while (try? await tracker.environment.sleep(for: interval)) != nil {
            let view = tracker.snapshot
            let purge = JobPurge(Preferences(view))
            guard purge.jobsToKeep != nil || purge.failedAfter != nil || purge.completeAfter != nil else { continue }
            do throws(TrackerError) {
                let request = TrackerRequest.system("jobs are forgotten as the preferences say")
                let count = try await purge.run(purge.jobs(in: view, at: tracker.environment.now()), tracker, request)
                if count > 0 { logger.info("jobs are forgotten", metadata: ["count": "\(count)"]) }
            } catch {
                logger.error("jobs cannot be forgotten", metadata: ["cause": "\(error)"])
            }
        }
    }

    /// Forgets jobs, some hundreds in a commit.
    ///
    /// - Parameter request: on whose behalf.
    /// - Returns: how many were still there.
    /// - Throws: what keeps a commit from being made; the ones before it are.
    @discardableResult
    public func run(
        _ jobs: [ByteString], _ tracker: DataTracker, _ request: TrackerRequest
    ) async throws(TrackerError) -> Int {
        var (rest, count) = (jobs[...], 0)
        while !rest.isEmpty {
            let some = Array(rest.prefix(Self.portion))
            rest = rest.dropFirst(Self.portion)
            let order = request.writing(WriteScope(["jobs"], count: some.count))
            count += try await tracker.commit(order) { draft throws(TrackerError) in
                var count = 0
                for key in some where draft.view.contains("jobs", key.string) {
                    try draft.forget(key)
                    count += 1
                }
                return count
            }.value
        }
        return count
    }
}

extension Draft {
    /// Removes a job. What a machine that is gone had not ended cannot be ended by anybody, and goes as well.
    fileprivate mutating func forget(_ job: ByteString) throws(TrackerError) {
        let stored = try object("jobs", at: job.string)
        if !JobState.isDone(stored.text("State")), !view.contains("machines", stored.text("Machine")) {
            try updateAsServer("jobs", at: job.string) { $0["State"] = "failed" }
        }
        try remove("jobs", at: job.string)
    }
}
