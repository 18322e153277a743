import Basics
import JSON
import Logging
import Tracker

/// Lets machines go on whose task failed and is to be tried again: two seconds after the first failure, and twice as long after
/// each further one (C §15.2). What is due stands in machine and job, so a restart forgets none.
enum TaskRetries {
    /// How often it is looked for machines that may go on.
    private static let interval = Duration.seconds(1)
    /// How many machines go on in one commit.
    private static let portion = 500
    /// The longest wait is two to this power, in seconds.
    private static let largestExponent = 12

    /// The service that does it.
    static let service = DomainService("task-retries") { tracker, logger in
        while (try? await tracker.environment.sleep(for: interval)) != nil {
            do throws(TrackerError) {
                try await resume(tracker)
            } catch {
                logger.error("failed tasks cannot be tried again", metadata: ["cause": "\(error)"])
            }
        }
    }

    private static func resume(_ tracker: DataTracker) async throws(TrackerError) {
        let now = tracker.environment.now()
        let due = waiting(in: tracker.snapshot, at: now).prefix(portion)
        guard !due.isEmpty else { return }
        let request = TrackerRequest.system("failed tasks are tried again")
            .writing(WriteScope(["machines"], count: due.count))
        _ = try await tracker.commit(request) { draft throws(TrackerError) in
            for key in due where isDue(key, in: draft.view, at: now) {
                try draft.updateAsServer("machines", at: key.string) { $0["Runnable"] = true }
            }
        }
    }

    /// The machines that have waited long enough to try a task again.
    private static func waiting(in view: Snapshot, at now: Timestamp) -> [ByteString] {
        var keys: [ByteString] = []
        view.forEachObject("machines", inOrderOf: .field(indexedField), descending: true) { machine in
            guard attempt(of: machine) > 0 else { return false }
            if isDue(machine.key, in: view, at: now) { keys.append(machine.key) }
            return true
        }
        return keys
    }

    /// The field that tells of machines that wait.
    static let indexedField = "RetryTaskAttempt"

    /// Whether a task of a machine has failed and not been done since.
    static func isWaiting(_ machine: StoredObject) -> Bool { attempt(of: machine) != 0 }

    private static func attempt(of machine: StoredObject) -> Int {
        machine.document.member(indexedField)?.value().intValue ?? 0
    }

    private static func isDue(_ key: ByteString, in view: Snapshot, at now: Timestamp) -> Bool {
        guard let machine = view[ObjectID("machines", key)], !machine.flag("Runnable"), attempt(of: machine) > 0,
            let job = view.object("jobs", machine.text("CurrentJob")), job.text("State") == "failed",
            let end = Timestamp(rfc3339: job.text("EndTime"))
        else { return false }
        return end + .seconds(1 << min(attempt(of: machine), largestExponent)) <= now
    }
}
