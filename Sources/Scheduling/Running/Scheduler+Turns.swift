import Basics
import Logging
import Tracker

/// A turn is one commit: what is due begins, and what has ended is taken down.
extension Scheduler {
    /// Begins what is due, and takes down what has ended.
    ///
    /// - Returns: whether there was anything.
    /// - Throws: `unavailable` when the store fails; nothing has happened then.
    func turn() async throws(TrackerError) -> Bool {
        let now = tracker.environment.now()
        let ended = Array(ended.prefix(limits.begunAtOnce))
        let places = min(limits.begunAtOnce, limits.running - attempts.count)
        let due = tracker.snapshot.schedules(toWakeBy: now, limit: places)
        if ended.isEmpty, due.isEmpty { return false }
        let turn = SchedulerTurn(now: now, holder: holder, works: works, ended: ended, due: due)
        let scope = WriteScope([.schedules], count: ended.count + due.count)
        let begun = try await tracker.commit(.system("schedules").writing(scope)) { draft throws(TrackerError) in
            try turn.apply(to: &draft)
        } keeping: {
            $0.value
        }
        self.ended.removeFirst(ended.count)
        for run in begun { launch(run) }
        return true
    }

    /// Waits until something is due, has changed, or has ended.
    func rest() async {
        // The steady reading comes first: if time goes on before the sleep begins, it ends early, not late.
        let (start, now) = (tracker.environment.clock.instant(), tracker.environment.now())
        let wake = attempts.count < limits.running ? tracker.snapshot.earliestWake : nil
        let pause = min(wake.map { $0 - now } ?? Self.longestRest, Self.longestRest)
        guard pause > .zero else { return }
        let (clock, signal) = (tracker.environment.clock, signal)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { if (try? await clock.sleep(until: start + pause)) != nil { signal.ring() } }
            await signal.wait()
            group.cancelAll()
        }
    }

    /// Notices a clock that was set back, and has schedules that ran by the clock as it was before due by the clock of now.
    func noticeClock() async throws(TrackerError) {
        let now = tracker.environment.now()
        if now < latestTime {
            var names = tracker.snapshot.schedules(aheadOf: now)[...]
            if !names.isEmpty {
                logger.notice("the clock was set back", metadata: ["now": "\(now)", "schedules": "\(names.count)"])
            }
            while case let some = Array(names.prefix(limits.begunAtOnce)), !some.isEmpty {
                try await change(some) { definition, state in state.replan(definition, at: now) }
                names = names.dropFirst(some.count)
            }
        }
        latestTime = now
    }

    /// Changes some schedules in one commit.
    private func change(
        _ names: [String], _ body: @escaping @Sendable (ScheduleDefinition, inout ScheduleState) -> Void
    ) async throws(TrackerError) {
        let scope = WriteScope([.schedules], count: names.count)
        try await tracker.commit(.system("schedules").writing(scope)) { draft throws(TrackerError) in
            for name in names { try SchedulerTurn.change(name, in: &draft, body) }
        } keeping: { _ in
        }
    }

    /// Has what earlier schedulers left unconfirmed tried again at once.
    func recover() async throws(TrackerError) {
        let now = tracker.environment.now()
        while case let names = tracker.snapshot.heldSchedules(limit: limits.begunAtOnce), !names.isEmpty {
            for name in names {
                logger.notice("a run was not confirmed before the last stop", metadata: ["schedule": "\(name)"])
            }
            try await change(names) { _, state in state.retry(at: now) }
        }
    }
}
