import Basics
import StoreTesting
import Testing

@testable import Scheduling

/// Cron by looking at every minute: what ``CronExpression`` has to agree with.
private struct NaiveCron {
    let expression: CronExpression
    let zone: Zone

    /// All due moments from one full minute up to another.
    func dueMoments(from start: Int64, upTo end: Int64) -> [Int64] {
        var due: [Int64] = []
        // The latest time that the local clock has shown.
        var reached = (1...2880).map { start - $0 * 60 + zone.offset(at: start - $0 * 60) }.max() ?? .min
        for moment in stride(from: start, to: end, by: 60) {
            let local = moment + zone.offset(at: moment)
            if expression.isFixed {
                let passed = stride(from: reached + 60, through: local, by: 60)
                if passed.contains(where: { names($0) }) { due.append(moment) }
            } else if names(local) {
                due.append(moment)
            }
            reached = max(reached, local)
        }
        return due
    }

    /// Whether the fields name a local minute.
    private func names(_ local: Int64) -> Bool {
        let (day, second) = local.flooredDivision(by: 86_400)
        let date = CivilDate(daysSinceEpoch: day)
        let weekday = Int((day + 4).flooredDivision(by: 7).remainder)
        let isDay = expression.days.contains(Int(date.day))
        let isWeekday = expression.weekdays.contains(weekday)
        return expression.minutes.contains(Int(second / 60 % 60)) && expression.hours.contains(Int(second / 3600))
            && expression.months.contains(Int(date.month))
            && (expression.takesEitherDay ? isDay || isWeekday : isDay && isWeekday)
    }
}

@Suite struct CronModelTests {
    /// Zones whose clocks change by an hour, by half an hour, by a day, at midnight, and not at all; and stretches with changes.
    private static let places: [(zone: String, start: String)] = [
        ("Europe/Berlin", "2026-03-27T00:00:00Z"), ("Europe/Berlin", "2026-10-23T00:00:00Z"),
        ("America/New_York", "2026-03-07T00:00:00Z"), ("America/New_York", "2026-10-31T00:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-03T00:00:00Z"), ("Australia/Lord_Howe", "2026-10-02T00:00:00Z"),
        ("Pacific/Apia", "2011-12-29T00:00:00Z"), ("America/Santiago", "2026-04-03T00:00:00Z"),
        ("America/Santiago", "2026-09-05T00:00:00Z"), ("Asia/Kolkata", "2026-02-27T00:00:00Z"),
        ("UTC", "2028-02-27T00:00:00Z"),
    ]

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `the next due time is the one that looking at every minute finds`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for (name, start) in Self.places {
            let zone = try #require(Zone(name))
            let first = try #require(Timestamp(rfc3339: start)).seconds
            let text = Self.expression(&random)
            let model = NaiveCron(expression: try CronExpression(text), zone: zone)
            var expected = model.dueMoments(from: first, upTo: first + 4 * 86_400)[...]
            var moment = first - 1
            while let due = expected.popFirst() {
                let next = model.expression.next(after: moment, in: zone)
                #expect(next == due, "seed \(seed): `\(text)` in \(name) after \(moment)")
                guard next == due else { break }
                moment = due
            }
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `the last due time by a moment is the last that the next ones lead to`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for (name, start) in Self.places {
            let zone = try #require(Zone(name))
            let text = Self.expression(&random)
            let recurrence = Recurrence.cron(try CronExpression(text), zone)
            let start = try #require(Timestamp(rfc3339: start)).seconds
            guard let first = recurrence.next(after: start, from: start) else { continue }
            let end = first + Int64.random(in: 0...(3 * 86_400), using: &random)
            var last = first
            while let next = recurrence.next(after: last, from: first), next <= end { last = next }
            #expect(recurrence.last(by: end, from: first) == last, "seed \(seed): `\(text)` in \(name) by \(end)")
        }
    }

    /// A random expression, mostly of what is due within days.
    private static func expression(_ random: inout SeededGenerator) -> String {
        let month = Int.random(in: 0..<8, using: &random) == 0 ? field(1...12, &random) : "*"
        return [
            field(0...59, &random), field(0...23, &random), field(1...31, &random), month, field(0...7, &random),
        ].joined(separator: " ")
    }

    private static func field(_ range: ClosedRange<Int>, _ random: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: return "*"
        case 2: return "*/\(Int.random(in: 1...max(1, range.upperBound / 2), using: &random))"
        case 3: return "\(Int.random(in: range, using: &random))"
        case 4:
            let low = Int.random(in: range, using: &random)
            return "\(low)-\(Int.random(in: low...range.upperBound, using: &random))"
        default: return (0..<3).map { _ in "\(Int.random(in: range, using: &random))" }.joined(separator: ",")
        }
    }
}
