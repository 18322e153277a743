import Basics

/// The due times of a schedule, in seconds since 1970-01-01T00:00:00Z.
enum Recurrence: Sendable, Hashable {
    /// The minutes that a cron expression names on the clock of a zone.
    case cron(CronExpression, Zone)
    /// Every so many seconds.
    case every(Int64)
    /// Once.
    case once(Int64)

    /// The end of the year 9999, after which times have no text (RFC 3339 §5.6).
    private static let end: Int64 = 253_402_300_799

    /// The first due time after `moment`; nil if there is none.
    ///
    /// - Parameter due: a due time, from which intervals are counted.
    func next(after moment: Int64, from due: Int64) -> Int64? {
        guard moment < Self.end else { return nil }
        let next: Int64?
        switch self {
        case .cron(let expression, let zone): next = expression.next(after: moment, in: zone)
        case .every(let seconds):
            let steps = (moment - due).flooredDivision(by: seconds).quotient + 1
            let (distance, overflows) = steps.multipliedReportingOverflow(by: seconds)
            next = overflows ? nil : due + distance
        case .once(let time): next = time > moment ? time : nil
        }
        return next.flatMap { $0 <= Self.end ? $0 : nil }
    }

    /// The last due time that is not after `moment`, by bisection: O(log time) searches for a next one.
    ///
    /// - Parameter due: a due time that is not after `moment`.
    func last(by moment: Int64, from due: Int64) -> Int64 {
        var (low, high) = (due, moment)
        // Every moment before the last due time has a next one by `moment`; neither it nor any later moment has.
        while low < high {
            let middle = low + (high - low) / 2
            if let next = next(after: middle, from: due), next <= moment { low = next } else { high = middle }
        }
        return low
    }
}
