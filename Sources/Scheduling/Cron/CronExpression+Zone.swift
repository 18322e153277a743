/// The search for moments at which the clock of a time zone matches, in seconds since 1970-01-01T00:00:00Z.
extension CronExpression {
    /// The first due moment after `moment`; nil if nothing is ever due again.
    ///
    /// The work is bounded: a few searches of the calendar, and twenty times as many questions to the zone at the most. Only
    /// fixed times in hours that the clock shows twice take a step for each.
    func next(after moment: Int64, in zone: Zone) -> Int64? {
        isFixed ? nextFixed(after: moment, in: zone) : nextByClock(after: moment, in: zone)
    }

    /// As many minutes as a day has; no clock is ever set back further.
    private static let mostRepeated = 1440

    private func nextFixed(after moment: Int64, in zone: Zone) -> Int64? {
        var local = moment + zone.offset(at: moment)
        for _ in 0...Self.mostRepeated {
            guard let match = firstMatch(from: local + 1) else { return nil }
            let due = zone.firstMoment(reaching: match)
            if due > moment { return due }
            local = match
        }
        return nil
    }

    /// The longest time that is looked at for a change of the clock in one step: a day and a half.
    private static let stride: Int64 = 36 * 3600
    /// So many steps lead from one match to the next, and over all changes of the clock between.
    private static let mostSteps = 64

    private func nextByClock(after moment: Int64, in zone: Zone) -> Int64? {
        var start = moment + 1
        for _ in 0..<Self.mostSteps {
            let offset = zone.offset(at: start)
            guard let match = firstMatch(from: start + offset) else { return nil }
            let due = match - offset
            let end = min(due, start + Self.stride)
            if zone.offset(at: end) != offset {
                // Until then nothing matches; from then on the clock shows other times.
                start = zone.change(after: start, by: end)
            } else if end == due {
                return due
            } else {
                // The local clock shows no matching time before; it may be set otherwise the day before it does.
                start = due - Self.stride * 2 / 3
            }
        }
        return nil
    }
}
