import Basics
import BasicsTesting
import JSON
import Logging
import Store
import Synchronization
import Testing

@testable import Scheduling
@testable import Tracker

/// A tracker with schedules, a clock that is moved by hand, and the runs that handlers were given.
struct SchedulerFixture {
    /// When the tests begin: a Sunday.
    static let start = Timestamp(rfc3339: "2026-11-29T00:00:00Z")!

    let store: any KeyValueStore
    let clock = ManualClock(at: start)
    let tracker: DataTracker
    let runs = RunLog()

    init(_ store: any KeyValueStore = MemoryStore()) throws {
        self.store = store
        (tracker, _) = try DataTracker.open(
            store: store, catalog: Catalog([Scheduling.domain()]), writable: ["Name": "BackingStore"], packs: [],
            environment: Environment(clock: clock), logger: Logger(label: "test"))
    }

    /// Makes schedules, each of the kind `work` unless it says otherwise.
    func make(_ name: String, _ fields: JSONObject) async throws {
        _ = try await tracker.commit(.system("test")) { draft throws(TrackerError) in
            let usual: JSONObject = ["Kind": "work", "Name": .string(name)]
            try draft.createAsServer(.schedules, usual.merging(fields) { $1 })
        }
    }

    /// What there is of a schedule.
    func schedule(_ name: String) -> JSONObject { tracker.snapshot.object(.schedules, name)?.object ?? [:] }

    /// Work called `work` that notes each attempt.
    func work(
        lease: Duration = .seconds(60), attempts: Int = 3, _ handler: @escaping ScheduledWork.Handler = { _ in "done" }
    ) -> ScheduledWork {
        ScheduledWork("work", timeLimit: lease, attempts: attempts) { [runs] run in
            runs.add(run)
            return try await handler(run)
        }
    }

    /// Has a scheduler run while `body` does.
    func whileRunning(
        _ works: [ScheduledWork], _ limits: Scheduler.Limits = .init(), _ body: () async throws -> Void
    ) async throws {
        let scheduler = Scheduler(tracker, works, limits: limits, logger: Logger(label: "test"))
        let task = Task { await scheduler.run() }
        try await body()
        task.cancel()
        await task.value
    }

    /// Returns once the newest state of a schedule meets a condition.
    func until(_ name: String, _ condition: (JSONObject) -> Bool) async throws {
        var state = tracker.snapshot
        while !condition(state.object(.schedules, name)?.object ?? [:]) {
            state = try await tracker.snapshot(after: state.revision)
        }
    }

    /// Moves the clock once the scheduler waits, and nothing else.
    func advance(by duration: Duration) async {
        await clock.untilSleeping(1)
        clock.advance(by: duration)
    }

    /// Moves the clock on in steps, until the scheduler waits each time.
    func advance(to time: String, by step: Duration = .seconds(30)) async throws {
        let end = try #require(Timestamp(rfc3339: time))
        while clock.now() < end { await advance(by: min(step, end - clock.now())) }
    }
}

/// The attempts that handlers were given, in their order.
final class RunLog: Sendable {
    private let attempts = Mutex<[(id: String, attempt: Int)]>([])

    func add(_ run: ScheduledRun) { attempts.withLock { $0.append((run.id.description, run.attempt)) } }

    /// The ids of the runs, once for each attempt.
    var ids: [String] { attempts.withLock { $0.map(\.id) } }

    /// The numbers of the attempts.
    var numbers: [Int] { attempts.withLock { $0.map(\.attempt) } }
}

extension JSONObject {
    /// When the last run was due; empty if there was none.
    var lastDue: String { self["LastRun"]?["Due"]?.stringValue ?? "" }
}
