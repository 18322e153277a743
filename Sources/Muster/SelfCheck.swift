import JSON
import Logging
import Scheduling
import Tracker

/// The self-check that the server makes of itself at certain times, once a day unless it is told otherwise: what it finds stands in
/// the log, and in the last run of its schedule.
enum SelfCheck {
    /// The name of the work and of its schedule.
    static let name = "self-check"

    /// The work and its schedule.
    ///
    /// - Parameter times: a cron expression; nil for never.
    static func work(at times: String?) -> ScheduledWork {
        let schedule = times.map { times in
            ScheduleDeclaration(
                name,
                [
                    "Description": "Compares objects, indexes, layers, store and history with each other.",
                    "Cron": .string(times), "Jitter": "1h", "CatchUp": "skip",
                ])
        }
        let schedules = [schedule].compactMap(\.self)
        // A check of very many objects takes minutes; one that takes hours has come to a stop.
        return ScheduledWork(name, timeLimit: .seconds(6 * 3600), attempts: 2, schedules: schedules) { run in
            try await check(run)
        }
    }

    private static func check(_ run: ScheduledRun) async throws -> String {
        let report = try await run.tracker.check(naming: mostNamed)
        for difference in report.differences {
            run.logger.error("the self-check has found a difference", metadata: ["difference": "\(difference)"])
        }
        guard report.isClean else {
            throw PermanentFailure("\(report.differenceCount) differences; the first: \(report.differences[0])")
        }
        return "\(report.objects) objects, \(report.commits) commits and \(report.versions) versions agree"
    }

    /// How many differences stand in the log.
    private static let mostNamed = 100
}
