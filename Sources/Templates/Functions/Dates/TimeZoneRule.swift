import Basics

/// When the clocks of a zone go forward and back each year, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct TimeZoneRule: Sendable {
    /// A day of each year and a time of it.
    private struct Change: Sendable {
        enum Day: Sendable {
            /// From 1 to 365; the 29th of February does not count.
            case julian(Int64)
            /// From 0 to 365.
            case ordinal(Int64)
            /// The nth weekday of a month; the fifth is the last.
            case weekday(month: Int64, week: Int64, weekday: Int64)
        }

        let day: Day
        /// Seconds after midnight.
        let time: Int64

        /// Local seconds since 1970 at which the clocks change in a year.
        func seconds(in year: Int64) -> Int64 {
            let first = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
            let days: Int64 =
                switch day {
                case .ordinal(let number): first + number
                case .julian(let number):
                    first + number - 1 + (number >= 60 && CivilDate(year: year, month: 2, day: 29).isValid ? 1 : 0)
                case .weekday(let month, let week, let weekday): Self.day(year, month, week, weekday)
                }
            return days * 86_400 + time
        }

        private static func day(_ year: Int64, _ month: Int64, _ week: Int64, _ weekday: Int64) -> Int64 {
            let first = CivilDate(year: year, month: month, day: 1).daysSinceEpoch
            let next =
                month == 12
                ? CivilDate(year: year + 1, month: 1, day: 1) : CivilDate(year: year, month: month + 1, day: 1)
            let firstWeekday = (first + 4).flooredDivision(by: 7).remainder
            var day = first + (weekday - firstWeekday).flooredDivision(by: 7).remainder + (week - 1) * 7
            while day >= next.daysSinceEpoch { day -= 7 }
            return day
        }
    }

    private let standard: TimeZoneTable.Period
    private let daylight: (period: TimeZoneTable.Period, start: Change, end: Change)?

    /// The period at an instant.
    func period(at seconds: Int64) -> TimeZoneTable.Period {
        guard let (period, start, end) = daylight else { return standard }
        let year = CivilDate(daysSinceEpoch: (seconds + standard.offset).flooredDivision(by: 86_400).quotient).year
        let begin = start.seconds(in: year) - standard.offset
        let finish = end.seconds(in: year) - period.offset
        // South of the equator it lasts over the new year.
        let isDaylight = begin < finish ? begin..<finish ~= seconds : !(finish..<begin ~= seconds)
        return isDaylight ? period : standard
    }

    init?(_ text: String) {
        var reader = Reader(rest: Array(text.utf8)[...])
        guard let name = reader.name(), let offset = reader.time() else { return nil }
        standard = TimeZoneTable.Period(offset: -offset, name: name)
        guard let daylightName = reader.name() else {
            daylight = nil
            return
        }
        let daylightOffset = reader.rest.first == UInt8(ascii: ",") ? offset - 3600 : reader.time() ?? offset - 3600
        guard let start = reader.change(), let end = reader.change() else { return nil }
        daylight = (TimeZoneTable.Period(offset: -daylightOffset, name: daylightName), start, end)
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func skip(_ mark: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: mark) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func name() -> String? {
            let isQuoted = skip("<")
            let name = rest.prefix {
                isQuoted ? $0 != UInt8(ascii: ">") : UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20
            }
            rest = rest.dropFirst(name.count)
            if isQuoted, !skip(">") { return nil }
            return name.count >= 3 ? String(decoding: name, as: UTF8.self) : nil
        }

        mutating func number() -> Int64? {
            let digits = rest.prefix(while: \.isASCIIDigit).prefix(4)
            rest = rest.dropFirst(digits.count)
            return Int64(String(decoding: digits, as: UTF8.self))
        }

        /// `2`, `2:30` or `2:30:15`, with a sign or without, in seconds.
        mutating func time() -> Int64? {
            let isNegative = skip("-")
            if !isNegative { _ = skip("+") }
            guard let hours = number() else { return nil }
            var seconds = hours * 3600
            if skip(":") { seconds += (number() ?? 0) * 60 }
            if skip(":") { seconds += number() ?? 0 }
            return isNegative ? -seconds : seconds
        }

        mutating func change() -> Change? {
            guard skip(",") else { return nil }
            let day: Change.Day
            if skip("M") {
                guard let month = number(), skip("."), let week = number(), skip("."), let weekday = number(),
                    1...12 ~= month, 1...5 ~= week, 0...6 ~= weekday
                else { return nil }
                day = .weekday(month: month, week: week, weekday: weekday)
            } else if skip("J") {
                guard let number = number() else { return nil }
                day = .julian(number)
            } else {
                guard let number = number() else { return nil }
                day = .ordinal(number)
            }
            return Change(day: day, time: skip("/") ? time() ?? 7200 : 7200)
        }
    }
}
