import Basics
import JSON
import Tracker

/// What whoever made a schedule says of it, read from its object.
struct ScheduleDefinition: Sendable {
    let name: String
    /// The name of the handler that its runs are given to.
    let kind: String
    /// What the handler is given.
    let payload: JSONValue
    let recurrence: Recurrence
    /// How many seconds later than due a run may begin.
    let jitter: Int64
    let catchUp: CatchUp
    let isPaused: Bool

    /// Why an object defines no schedule.
    struct Problem: Error {
        let text: String
    }

    /// Reads an object of the type `schedules`.
    ///
    /// - Throws: `Problem` with the first thing that is wrong.
    init(_ object: JSONObject) throws(Problem) {
        func text(_ field: String) -> String { object[field]?.stringValue ?? "" }
        name = text("Name")
        kind = text("Kind")
        payload = object["Payload"] ?? JSONValue.null
        isPaused = object["Paused"]?.boolValue ?? false
        recurrence = try Self.recurrence(
            cron: text("Cron"), zone: text("TimeZone"), every: text("Every"), at: text("At"))
        jitter = try text("Jitter").isEmpty ? 0 : Self.seconds(text("Jitter"), "Jitter", 0...Self.longestJitter)
        catchUp = try Self.catchUp(text("CatchUp"), limit: object["CatchUpLimit"]?.intValue ?? 0)
    }

    /// The longest jitter in seconds: a day.
    static let longestJitter: Int64 = 86_400
    /// The longest interval in seconds: ten years.
    static let longestInterval: Int64 = 3650 * 86_400

    private static func recurrence(
        cron: String, zone: String, every: String, at time: String
    ) throws(Problem) -> Recurrence {
        let start = Timestamp(rfc3339: time).flatMap { $0 == .zero ? nil : $0 }
        guard let place = Zone(zone) else {
            throw Problem(text: "TimeZone `\(zone.prefix(64))` is neither UTC nor a zone such as Europe/Berlin")
        }
        switch (cron.isEmpty, every.isEmpty) {
        case (false, true) where start == nil:
            do { return .cron(try CronExpression(cron), place) } catch { throw Problem(text: "Cron: \(error)") }
        case (true, false): return .every(try seconds(every, "Every", 1...longestInterval))
        case (true, true): if let start { return .once(start.seconds) }
        default: break
        }
        throw Problem(text: "a schedule has either Cron, or Every (perhaps from At on), or At alone")
    }

    private static func seconds(
        _ text: String, _ field: String, _ range: ClosedRange<Int64>
    ) throws(Problem) -> Int64 {
        guard let duration = Duration(musterText: text, defaultUnit: .seconds),
            range.contains(duration.components.seconds), duration.components.attoseconds == 0
        else {
            throw Problem(
                text: "\(field) `\(text.prefix(40))` is no whole number of seconds up to \(range.upperBound)")
        }
        return duration.components.seconds
    }

    private static func catchUp(_ text: String, limit: Int) throws(Problem) -> CatchUp {
        switch text {
        case "skip" where limit == 0: return .skip
        case "once" where limit == 0: return .once
        case "all" where 1...CatchUp.mostRuns ~= limit: return .all(limit)
        case "all": throw Problem(text: "CatchUpLimit is from 1 to \(CatchUp.mostRuns), not \(limit)")
        default: throw Problem(text: "CatchUp is skip, once, or all with a CatchUpLimit")
        }
    }
}

extension ScheduleDefinition {
    /// When the run for a due time is to begin.
    func beginning(of due: Int64) -> Timestamp {
        let due = Timestamp(seconds: due)
        return due + .milliseconds(RunID(schedule: name, due: due).delay(upTo: jitter))
    }

    /// The first due time of a schedule that begins now; nil if there is none.
    ///
    /// - Parameter start: the time that `At` names, if it does.
    func firstDue(now: Timestamp, start: Timestamp?) -> Int64? {
        switch recurrence {
        case .cron: recurrence.next(after: now.seconds, from: now.seconds)
        case .every(let seconds): start?.seconds ?? recurrence.next(after: now.seconds, from: now.seconds + seconds)
        case .once(let time): time
        }
    }
}
