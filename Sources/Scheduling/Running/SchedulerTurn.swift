import Basics
import JSON
import Tracker

/// An attempt of a run that a handler is to be given.
struct BegunRun: Sendable {
    let work: ScheduledWork
    let id: RunID
    let attempt: Int
    let payload: JSONValue
    /// How much later than meant it begins.
    let lag: Duration
}

/// What came of an attempt.
struct EndedRun: Sendable {
    let run: BegunRun
    let outcome: Outcome

    enum Outcome: Sendable {
        /// It did its work.
        case success(String)
        /// It failed; nobody knows whether the next attempt does.
        case failure(String)
        /// It failed, and so would the next attempt.
        case permanentFailure(String)
    }

    /// The longest text that is kept of an outcome, in bytes.
    static let longestMessage = 1024

    /// The text of an outcome that is kept.
    static func kept(_ message: String) -> String {
        guard message.utf8.count > longestMessage else { return message }
        return String(decoding: message.utf8.prefix(longestMessage - 4), as: UTF8.self) + "…"
    }
}

/// What a scheduler does in one commit: takes down what came of runs, and begins others. The decisions are those of
/// ``ScheduleState``; here is only which schedule they are about.
struct SchedulerTurn: Sendable {
    let now: Timestamp
    /// Who is to hold the leases.
    let holder: String
    let works: [Identifier: ScheduledWork]
    let ended: [EndedRun]
    /// The names of schedules to look at.
    let due: [String]

    /// Does it.
    ///
    /// - Returns: the runs that begin, once all of it is durable.
    func apply(to draft: inout Draft) throws(TrackerError) -> [BegunRun] {
        for run in ended { try conclude(run, in: &draft) }
        var begun: [BegunRun] = []
        for name in due {
            if let run = try begin(name, in: &draft) { begun.append(run) }
        }
        return begun
    }

    private func conclude(_ ended: EndedRun, in draft: inout Draft) throws(TrackerError) {
        let run = ended.run
        try Self.change(run.id.schedule, in: &draft) { definition, state in
            guard state.isHeld(by: holder, run) else { return }
            switch ended.outcome {
            case .success(let message): state.finish(definition, at: now, succeeded: true, message)
            case .failure where run.attempt < run.work.attempts:
                state.retry(at: now + ScheduledWork.pause(afterAttempt: run.attempt))
            case .failure(let message), .permanentFailure(let message):
                state.finish(definition, at: now, succeeded: false, message)
            }
        }
    }

    private func begin(_ name: String, in draft: inout Draft) throws(TrackerError) -> BegunRun? {
        var begun: BegunRun?
        try Self.change(name, in: &draft) { definition, state in
            guard let wake = state.wake, wake <= now else { return }
            let work = works[Identifier(definition.kind)]
            let run = state.begin(
                definition, at: now, holder: holder, lease: work?.timeLimit ?? .seconds(1),
                attempts: work?.attempts ?? 2)
            guard let run else { return }
            guard let work else {
                return state.finish(definition, at: now, succeeded: false, "no handler is called \(definition.kind)")
            }
            let meant = run.attempt == 1 ? definition.beginning(of: run.due.seconds) : wake
            begun = BegunRun(
                work: work, id: RunID(schedule: name, due: run.due), attempt: run.attempt,
                payload: definition.payload, lag: now - meant)
        }
        return begun
    }

    /// Changes what is kept of a schedule, if there still is one of that name. One that defines nothing any more is abandoned.
    static func change(
        _ name: String, in draft: inout Draft, _ body: (ScheduleDefinition, inout ScheduleState) -> Void
    ) throws(TrackerError) {
        guard draft.view.contains(.schedules, name) else { return }
        let now = draft.environment.now()
        try draft.updateAsServer(.schedules, at: name) { object in
            var state = ScheduleState(object)
            do throws(ScheduleDefinition.Problem) {
                body(try ScheduleDefinition(object), &state)
            } catch {
                state.abandon(at: now, error.text)
            }
            state.write(to: &object)
        }
    }
}

extension ScheduleState {
    /// Whether this attempt is the one that holds the lease.
    func isHeld(by holder: String, _ begun: BegunRun) -> Bool {
        guard let run, let current = run.holder else { return false }
        return current.hasSameUTF8(as: holder) && run.due == begun.id.due && run.attempt == begun.attempt
    }
}

extension ScheduledWork {
    /// The pause before a run is tried again: ten seconds, and twice as long each time, up to an hour.
    static func pause(afterAttempt attempt: Int) -> Duration {
        .seconds(min(3600, 10 << min(max(0, attempt - 1), 10)))
    }
}
