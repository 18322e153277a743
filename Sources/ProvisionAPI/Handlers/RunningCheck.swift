import Basics
import HTTPServing
import JSON
import Synchronization
import Tracker

/// A self-check that goes on for a client, and is cancelled when the client leaves or nobody waits for it any more.
final class RunningCheck: Sendable {
    private let task: Task<JSONValue, any Error>
    private let progress: AsyncStream<JSONValue>

    /// Begins a check. The place for checks, which the caller must have, is given back at its end.
    ///
    /// - Parameter quiet: for how long there is no progress to tell.
    init(for call: RequestContext, quietFor quiet: Duration) {
        // Who reads slowly hears less often.
        let (stream, continuation) = AsyncStream.makeStream(of: JSONValue.self, bufferingPolicy: .bufferingNewest(1))
        let pace = ProgressThrottle(call.tracker.environment.clock, quietFor: quiet)
        progress = stream
        task = Task {
            defer {
                call.services.checking.end()
                continuation.finish()
            }
            return try await call.whileClientStays {
                let clock = call.tracker.environment.clock
                let start = clock.instant()
                let report = try await call.tracker.check { event in
                    guard case .progress(let subject, let done, let all) = event, pace.isDue(subject) else { return }
                    continuation.yield(["subject": .string(subject), "done": JSONValue(done), "of": JSONValue(all)])
                }
                return Self.value(of: report, after: start.duration(to: clock.instant()))
            }
        }
    }

    deinit { task.cancel() }

    /// How far it is, when there is something to tell; nil when the check has ended.
    func nextProgress() async -> JSONValue? { await progress.first { _ in true } }

    /// What it found, once it has ended.
    ///
    /// - Throws: why it could not be made, or `cancelled`.
    func report() async throws -> JSONValue {
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private static func value(of report: CheckReport, after duration: Duration) -> JSONValue {
        [
            "status": .string(report.isClean ? "ok" : "differences"),
            "revision": JSONValue(Int(clamping: report.revision.number)), "objects": JSONValue(report.objects),
            "commits": JSONValue(report.commits), "versions": JSONValue(report.versions),
            "milliseconds": JSONValue(Int(duration / .milliseconds(1))),
            "differenceCount": JSONValue(report.differenceCount),
            "differences": .array(report.differences.map { .string($0) }),
        ]
    }
}

/// Tells when progress is worth a word: when something else is looked at, and once a second.
private final class ProgressThrottle: Sendable {
    private let state: Mutex<(due: ContinuousClock.Instant, subject: String)>
    private let clock: any TimeSource
    private let start: ContinuousClock.Instant

    init(_ clock: any TimeSource, quietFor quiet: Duration) {
        self.clock = clock
        start = clock.instant() + quiet
        state = Mutex((start, ""))
    }

    func isDue(_ subject: String) -> Bool {
        let now = clock.instant()
        return state.withLock { state in
            guard now >= start, now >= state.due || subject != state.subject else { return false }
            state = (now + .seconds(1), subject)
            return true
        }
    }
}
