import Basics

/// The search for matching minutes of the local calendar, which knows no time zone: local times are seconds since
/// 1970-01-01T00:00:00 on the clock in question.
extension CronExpression {
    /// The first matching minute that does not begin before `local`; nil if there is none.
    ///
    /// At most nine years of months are looked at: between two 29ths of February there are eight at the most.
    func firstMatch(from local: Int64) -> Int64? {
        let (minute, second) = local.flooredDivision(by: 60)
        let (day, minuteOfDay) = (second == 0 ? minute : minute + 1).flooredDivision(by: 1440)
        if matches(day: day), let time = firstTime(from: Int(minuteOfDay)) { return day * 86_400 + time * 60 }
        guard let next = firstDay(from: day + 1), let time = firstTime(from: 0) else { return nil }
        return next * 86_400 + time * 60
    }

    /// Whether the minute that begins at `local` matches.
    func matches(_ local: Int64) -> Bool { firstMatch(from: local) == local }

    private static let monthsLookedAt = 12 * 9

    /// The first matching minute of a day, from one of its minutes on.
    private func firstTime(from minuteOfDay: Int) -> Int64? {
        let (hour, minute) = minuteOfDay.quotientAndRemainder(dividingBy: 60)
        if hours.contains(hour), let minute = minutes.first(from: minute) { return Int64(hour * 60 + minute) }
        guard let next = hours.first(from: hour + 1), let minute = minutes.first(from: 0) else { return nil }
        return Int64(next * 60 + minute)
    }

    private func matches(day: Int64) -> Bool {
        let date = CivilDate(daysSinceEpoch: day)
        return months.contains(Int(date.month)) && days(of: date.year, date.month).contains(Int(date.day))
    }

    /// The first matching day, in days since 1970-01-01, from one of them on.
    private func firstDay(from start: Int64) -> Int64? {
        var date = CivilDate(daysSinceEpoch: start)
        for _ in 0..<Self.monthsLookedAt {
            if months.contains(Int(date.month)), let day = days(of: date.year, date.month).first(from: Int(date.day)) {
                date.day = Int64(day)
                return date.daysSinceEpoch
            }
            date = CivilDate(
                year: date.month == 12 ? date.year + 1 : date.year, month: date.month % 12 + 1, day: 1)
        }
        return nil
    }

    /// The days of a month that both day fields, or either, name.
    private func days(of year: Int64, _ month: Int64) -> BitSet {
        let first = CivilDate(year: year, month: month, day: 1).daysSinceEpoch
        let next = CivilDate(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1).daysSinceEpoch
        // 1970-01-01 was a Thursday.
        let weekday = Int((first + 4).flooredDivision(by: 7).remainder)
        var matching = BitSet()
        for day in 1...Int(next - first) {
            let (isDay, isWeekday) = (days.contains(day), weekdays.contains((weekday + day - 1) % 7))
            if takesEitherDay ? isDay || isWeekday : isDay && isWeekday { matching.insert(day) }
        }
        return matching
    }
}
