import Basics
import JSON

/// What the scheduler keeps of a schedule in its object: what is due, what runs, and what came of the last run.
struct ScheduleState: Sendable {
    /// The due time to be kept next, or being kept; nil if there is none.
    private(set) var next: Timestamp?
    /// When the scheduler has to look at the schedule: when the run is to begin or to be tried again, or its lease ends.
    private(set) var wake: Timestamp?
    /// The run that has begun and is not confirmed.
    private(set) var run: Run?
    /// The last run that ended.
    private(set) var lastRun: FinishedRun?
    /// How many runs failed since one succeeded.
    private(set) var failures: Int

    /// A run that has begun.
    struct Run: Sendable {
        let due: Timestamp
        /// When this attempt began.
        var started: Timestamp
        /// The attempts so far, this one included.
        var attempt: Int
        /// Who runs it: a scheduler; nil while it waits to be tried again.
        var holder: String?
        /// When the lease ends.
        var until: Timestamp?
    }

    /// What came of a run.
    struct FinishedRun: Sendable {
        let due: Timestamp
        let started: Timestamp
        let finished: Timestamp
        let attempts: Int
        let succeeded: Bool
        let message: String
    }
}

// MARK: Steps

extension ScheduleState {
    /// Sets what is due next; nil if nothing is. A run that is under way goes on.
    mutating func plan(_ definition: ScheduleDefinition, from due: Int64?) {
        let due = definition.isPaused ? nil : due
        next = due.map { Timestamp(seconds: $0) }
        if run == nil { wake = due.map(definition.beginning) }
    }

    /// Begins what is to begin now: the run that is due, or the next attempt of the one that was not confirmed.
    ///
    /// - Returns: the run; nil if nothing is to begin yet, or all attempts are spent.
    mutating func begin(
        _ definition: ScheduleDefinition, at now: Timestamp, holder: String, lease: Duration, attempts: Int
    ) -> Run? {
        var run: Run
        if let unconfirmed = self.run {
            guard unconfirmed.attempt < attempts else {
                finish(definition, at: now, succeeded: false, "its lease ended before it was confirmed")
                return nil
            }
            run = unconfirmed
        } else {
            guard let due = due(definition, at: now) else { return nil }
            run = Run(due: due, started: now, attempt: 0)
        }
        run.attempt += 1
        run.started = now
        run.holder = holder
        run.until = now + lease
        self.run = run
        wake = run.until
        return run
    }

    /// The due time whose run is to begin now, after what is not caught up with; nil if there is none yet.
    private mutating func due(_ definition: ScheduleDefinition, at now: Timestamp) -> Timestamp? {
        guard var due = next?.seconds else {
            wake = nil
            return nil
        }
        if due <= now.seconds {
            let kept = definition.catchUp.next(
                from: due, by: now.seconds, jitter: definition.jitter, of: definition.recurrence)
            guard let kept else {
                plan(definition, from: nil)
                return nil
            }
            due = kept
        }
        plan(definition, from: due)
        return wake.map { $0 <= now } ?? false ? next : nil
    }

    /// Ends the lease later.
    mutating func renew(until end: Timestamp) {
        run?.until = end
        wake = end
    }

    /// Has the run tried again.
    mutating func retry(at time: Timestamp) {
        run?.holder = nil
        run?.until = nil
        wake = time
    }

    /// Takes down what came of the run, and sets what is due next.
    mutating func finish(_ definition: ScheduleDefinition, at now: Timestamp, succeeded: Bool, _ message: String) {
        guard let run else { return }
        lastRun = FinishedRun(
            due: run.due, started: run.started, finished: now, attempts: run.attempt, succeeded: succeeded,
            message: message)
        failures = succeeded ? 0 : failures + 1
        self.run = nil
        plan(definition, from: definition.recurrence.next(after: run.due.seconds, from: run.due.seconds))
    }

    /// Whether the last run was due so much later than now that the clock must have been ahead then.
    func isAhead(of now: Timestamp) -> Bool { lastRun.map { $0.due > now + Self.mostAhead } ?? false }

    /// A clock that was ahead by less than a day is waited for, so that nothing is repeated.
    private static let mostAhead = Duration.seconds(86_400)

    /// Sets what is due next by the clock of now, if the last run went by one that was ahead.
    mutating func replan(_ definition: ScheduleDefinition, at now: Timestamp) {
        guard run == nil, let next, isAhead(of: now) else { return }
        plan(definition, from: definition.recurrence.next(after: now.seconds, from: next.seconds))
    }

    /// Gives up a schedule whose object defines none any more, a zone that has gone from the database, say: that is told as a
    /// failed run, and nothing is due until its definition changes.
    mutating func abandon(at now: Timestamp, _ problem: String) {
        lastRun = FinishedRun(
            due: run?.due ?? next ?? now, started: now, finished: now, attempts: 0, succeeded: false, message: problem)
        failures += 1
        (next, wake, run) = (nil, nil, nil)
    }
}

// MARK: JSON

extension ScheduleState {
    /// Reads an object of the type `schedules`.
    init(_ object: JSONObject) {
        next = object.time("Next")
        wake = object.time("Wake")
        run = object["Run"]?.objectValue.flatMap { run in
            guard let due = run.time("Due") else { return nil }
            return Run(
                due: due, started: run.time("Started") ?? due, attempt: run["Attempt"]?.intValue ?? 1,
                holder: run["Holder"]?.stringValue, until: run.time("Until"))
        }
        lastRun = object["LastRun"]?.objectValue.flatMap { run in
            guard let due = run.time("Due") else { return nil }
            return FinishedRun(
                due: due, started: run.time("Started") ?? due, finished: run.time("Finished") ?? due,
                attempts: run["Attempts"]?.intValue ?? 1, succeeded: run["Succeeded"]?.boolValue ?? false,
                message: run["Message"]?.stringValue ?? "")
        }
        failures = object["Failures"]?.intValue ?? 0
    }

    /// Writes it into the object.
    func write(to object: inout JSONObject) {
        object["Next"] = next.map(JSONValue.init)
        object["Wake"] = wake.map(JSONValue.init)
        object["Run"] = run.map { run in
            var members: JSONObject = [
                "Due": JSONValue(run.due), "Started": JSONValue(run.started), "Attempt": JSONValue(run.attempt),
            ]
            members["Holder"] = run.holder.map(JSONValue.string)
            members["Until"] = run.until.map(JSONValue.init)
            return .object(members)
        }
        object["LastRun"] = lastRun.map { run in
            [
                "Due": JSONValue(run.due), "Started": JSONValue(run.started), "Finished": JSONValue(run.finished),
                "Attempts": JSONValue(run.attempts), "Succeeded": JSONValue(run.succeeded),
                "Message": .string(run.message),
            ]
        }
        object["Failures"] = failures == 0 ? Optional.none : JSONValue(failures)
    }
}

extension JSONObject {
    /// The time in a field; nil if there is none.
    fileprivate func time(_ field: String) -> Timestamp? { self[field]?.stringValue.flatMap { Timestamp(rfc3339: $0) } }
}

extension JSONValue {
    fileprivate init(_ time: Timestamp) { self = .string(time.description) }
}
