import ArgumentParser
import Basics
import JSON
import Logging
import Scheduling
import Store
import Synchronization
import Tracker

/// Fills a store with schedules, through the tracker itself.
struct FillSchedules: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill-schedules", abstract: "Create schedules in a store.")

    @Option(help: "The store: lmdb:PATH.") var backend: String
    @Option(help: "How many schedules.") var count: Int
    @Option(help: "How many of them are due at once.") var due = 0
    @Option(help: "Schedules a commit.") var batch = 5000

    func run() async throws {
        let tracker = try Self.open(backend)
        for start in stride(from: 0, to: count, by: batch) {
            let numbers = start..<min(start + batch, count)
            let request = TrackerRequest.system("fill").writing(WriteScope([.schedules], count: numbers.count))
            _ = try await tracker.commit(request) { [due] draft throws(TrackerError) in
                for number in numbers {
                    try draft.createAsServer(.schedules, Self.schedule(number, isDue: number < due))
                }
            }
        }
        try await tracker.close()
    }

    /// A tracker of schedules alone.
    static func open(_ backend: String) throws -> DataTracker {
        let store = try StoreLocator(backend).open(relativeTo: ".")
        return try DataTracker.open(
            store: store, catalog: Catalog([Scheduling.domain()]), writable: ["Name": "BackingStore"], packs: [],
            logger: Logger(label: "schedules")
        ).tracker
    }

    /// A daily schedule, or one of a single run whose time has passed.
    private static func schedule(_ number: Int, isDue: Bool) -> JSONObject {
        var schedule: JSONObject = ["Name": .string("schedule-\(number)"), "Kind": "bench"]
        if isDue {
            schedule["At"] = "2026-01-01T00:00:00Z"
        } else {
            schedule["Cron"] = "0 3 * * *"
            schedule["TimeZone"] = "Europe/Berlin"
            schedule["Jitter"] = "12h"
            schedule["Payload"] = ["host": .string("host-\(number)")]
        }
        return schedule
    }
}

/// Runs that are begun and confirmed durably, per second.
struct RunSchedules: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-schedules", abstract: "Run what is due in a store, and print the runs per second.")

    @Option(help: "The store: lmdb:PATH.") var backend: String
    @Option(help: "How many are due.") var due: Int

    func run() async throws {
        let tracker = try FillSchedules.open(backend)
        let done = AsyncSignal()
        let count = Mutex(0)
        let work = ScheduledWork("bench") { [due] _ in
            if count.withLock({ count in
                count += 1; return count == due
            }) {
                done.ring()
            }
            return ""
        }
        var logger = Logger(label: "schedules")
        logger.logLevel = .warning
        let scheduler = Scheduler(tracker, [work], logger: logger)
        let start = ContinuousClock.now
        let task = Task { await scheduler.run() }
        await done.wait()
        Report.number(Double(due) / start.duration(to: .now).inSeconds)
        task.cancel()
        await task.value
        try await tracker.close()
    }
}
