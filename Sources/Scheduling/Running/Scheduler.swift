import Basics
import JSON
public import Logging
public import Tracker

/// Runs what is due: takes leases, hands runs to their handlers, and takes down what came of them.
///
/// - A run begins when its lease is durable, and has ended when its outcome is. Whatever happens between, it is tried again
///   under the same ``RunID``: when its lease ends, or when the next scheduler starts over the same store.
/// - One timer is set, for the earliest time in the index of `Wake`; nothing else is looked at. Changes of schedules end the
///   wait early.
/// - All that is due, up to ``Limits/begunAtOnce``, begins in one commit, together with the outcomes that are there by then.
public actor Scheduler {
    let tracker: DataTracker
    let limits: Limits
    let logger: Logger
    /// The name under which it holds leases.
    let holder: String
    let works: [Identifier: ScheduledWork]
    let metrics = SchedulerMetrics()
    /// Rings when there may be something to do.
    let signal = AsyncSignal()

    /// The attempts that have begun here and not ended, those among them that lost their leases, by number.
    var attempts: [Int: Task<Void, Never>] = [:]
    /// The number of the latest attempt of each schedule that runs.
    var latest: [Identifier: Int] = [:]
    /// How many attempts have begun here.
    var attemptCount = 0
    /// The latest time that the calendar has shown here.
    var latestTime = Timestamp.zero
    /// What came of attempts, and is to be taken down.
    var ended: [EndedRun] = []

    /// What one scheduler does at once.
    public struct Limits: Sendable {
        /// The attempts that run at the same time.
        public var running: Int
        /// The runs that one commit begins, and the outcomes that it takes down.
        public var begunAtOnce: Int

        /// The usual limits.
        public init(running: Int = 64, begunAtOnce: Int = 32) {
            precondition(running > 0 && 1...WriteScope.largeCount / 2 ~= begunAtOnce, "a turn is a small commit")
            self.running = running
            self.begunAtOnce = begunAtOnce
        }
    }

    /// How long it waits for anything at the most: by then it notices that the clock was set.
    static let longestRest = Duration.seconds(30)
    /// The pause after the store has failed.
    private static let pauseAfterFailure = Duration.seconds(5)

    /// A scheduler over the schedules of `tracker`, of which there may be one.
    ///
    /// - Parameter works: what schedules may ask for; two of one name are a programmer error.
    public init(_ tracker: DataTracker, _ works: [ScheduledWork], limits: Limits = Limits(), logger: Logger) {
        self.tracker = tracker
        self.works = Dictionary(uniqueKeysWithValues: works.map { (Identifier($0.name), $0) })
        self.limits = limits
        self.logger = logger
        holder = tracker.environment.uuid()
    }

    /// Runs what is due until the task is cancelled; then cancels what runs, and returns when that has ended. It is tried again by
    /// the next scheduler.
    public func run() async {
        let watch = Task { [tracker, signal] in
            var revision = tracker.snapshot.revision
            while let state = try? await tracker.snapshot(after: revision, for: .type(.schedules)) {
                revision = state.revision
                signal.ring()
            }
        }
        var hasRecovered = false
        while !Task.isCancelled {
            do throws(TrackerError) {
                if !hasRecovered { try await recover() }
                hasRecovered = true
                try await noticeClock()
                if try await !turn() { await rest() }
            } catch {
                logger.warning("nothing that is due runs at present", metadata: ["cause": "\(error)"])
                try? await tracker.environment.sleep(for: Self.pauseAfterFailure)
            }
        }
        watch.cancel()
        for task in attempts.values { task.cancel() }
        for task in attempts.values { await task.value }
    }
}
