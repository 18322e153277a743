/// A day of the Gregorian calendar, extended to all years.
///
/// The arithmetic counts years from March, so that the leap day is the last of its year, within eras of 400 years,
/// which all have the same number of days.
public struct CivilDate: Hashable, Sendable {
    /// The year; the one before 1 is 0.
    public var year: Int64
    /// The month: 1 to 12.
    public var month: Int64
    /// The day of the month, from 1.
    public var day: Int64

    private static let daysPerEra: Int64 = 146_097
    /// From 0000-03-01, where the first era begins, to 1970-01-01.
    private static let daysToEpoch: Int64 = 719_468

    /// The day of that name; see ``isValid``.
    public init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date `days` after 1970-01-01.
    public init(daysSinceEpoch days: Int64) {
        let (era, dayOfEra) = (days + Self.daysToEpoch).flooredDivision(by: Self.daysPerEra)
        // Every fourth year but every hundredth, and the last day of the era, have a day more.
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - Self.days(beforeYearOfEra: yearOfEra)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - Self.days(beforeMonthFromMarch: monthFromMarch) + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01, negative before.
    public var daysSinceEpoch: Int64 {
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
        let dayOfYear = Self.days(beforeMonthFromMarch: (month + 9) % 12) + day - 1
        return era * Self.daysPerEra + Self.days(beforeYearOfEra: yearOfEra) + dayOfYear - Self.daysToEpoch
    }

    /// Whether the calendar has this day.
    public var isValid: Bool {
        (1...12).contains(month) && day >= 1 && CivilDate(daysSinceEpoch: daysSinceEpoch) == self
    }

    private static func days(beforeYearOfEra year: Int64) -> Int64 { 365 * year + year / 4 - year / 100 }

    /// Months from March come in runs of five with 153 days: 31, 30, 31, 30, 31.
    private static func days(beforeMonthFromMarch month: Int64) -> Int64 { (153 * month + 2) / 5 }
}

extension Int64 {
    /// The quotient rounded down and the remainder, which is never negative; `divisor` must be positive.
    public func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
