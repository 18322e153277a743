import Basics
import JSON
import Logging
import Tracker

/// An attempt is a task that runs a handler, and whose outcome a later turn takes down.
extension Scheduler {
    /// Gives a run to its handler.
    func launch(_ run: BegunRun) {
        let name = Identifier(run.id.schedule)
        // An attempt that is still there has lost its lease.
        if let earlier = latest[name] { attempts[earlier]?.cancel() }
        attemptCount += 1
        let number = attemptCount
        latest[name] = number
        let attempt = ScheduledRun(
            id: run.id, attempt: run.attempt, payload: run.payload, tracker: tracker, logger: logger(of: run)
        ) { [self] in try await renew(run) }
        attempts[number] = Task { [self] in
            let clock = tracker.environment.clock
            let start = clock.instant()
            let outcome = await Self.outcome(of: attempt, run.work.handler)
            end(number, run, outcome, after: start.duration(to: clock.instant()))
        }
        metrics.begin(lag: run.lag, running: attempts.count)
        attempt.logger.debug("a run begins")
    }

    /// What a handler makes of a run, away from the scheduler.
    @concurrent
    private static func outcome(
        of attempt: ScheduledRun, _ handler: ScheduledWork.Handler
    ) async -> EndedRun.Outcome {
        do {
            return .success(EndedRun.kept(try await handler(attempt)))
        } catch let error as PermanentFailure {
            return .permanentFailure(EndedRun.kept(error.description))
        } catch {
            return .failure(EndedRun.kept("\(error)"))
        }
    }

    private func end(_ number: Int, _ run: BegunRun, _ outcome: EndedRun.Outcome, after duration: Duration) {
        attempts[number] = nil
        let name = Identifier(run.id.schedule)
        if latest[name] == number { latest[name] = nil }
        ended.append(EndedRun(run: run, outcome: outcome))
        switch outcome {
        case .success(let message):
            metrics.end(after: duration, failed: false, running: attempts.count)
            logger(of: run).debug("a run has ended", metadata: ["result": "\(message)"])
        case .failure(let message), .permanentFailure(let message):
            metrics.end(after: duration, failed: true, running: attempts.count)
            logger(of: run).warning("a run has failed", metadata: ["cause": "\(message)"])
        }
        signal.ring()
    }

    /// Begins the lease of an attempt anew.
    ///
    /// - Throws: `CancellationError` when it holds none any more.
    private func renew(_ run: BegunRun) async throws {
        let (holder, end) = (holder, tracker.environment.now() + run.work.timeLimit)
        let request = TrackerRequest.system("lease of a run").writing(WriteScope([.schedules]))
        let isHeld = try await tracker.commit(request) { draft throws(TrackerError) in
            var isHeld = false
            try SchedulerTurn.change(run.id.schedule, in: &draft) { _, state in
                isHeld = state.isHeld(by: holder, run)
                if isHeld { state.renew(until: end) }
            }
            return isHeld
        } keeping: {
            $0.value
        }
        if !isHeld { throw CancellationError() }
    }

    private func logger(of run: BegunRun) -> Logger {
        var logger = logger
        logger[metadataKey: "schedule"] = "\(run.id.schedule)"
        logger[metadataKey: "run"] = "\(run.id)"
        logger[metadataKey: "attempt"] = "\(run.attempt)"
        return logger
    }
}
