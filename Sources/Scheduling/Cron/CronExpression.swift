import Basics

/// A cron expression: the minutes of the local calendar at which something is due.
///
/// Five fields — minute, hour, day of the month, month, day of the week — or a nickname such as `@daily`, with cronie's meaning:
///
/// - Where neither day field begins with `*`, a day that either of them names will do; otherwise it takes both.
/// - Where neither minute nor hour begins with `*`, the expression names *fixed* times of the day. These are due when the local
///   clock first reaches or passes them: once when it is set back, and at the end of the gap when it is set forward past
///   them. Other expressions follow the clock: what it skips is not due, and what it shows twice is due twice.
public struct CronExpression: Sendable, Hashable {
    let minutes: BitSet
    let hours: BitSet
    let days: BitSet
    let months: BitSet
    /// Sunday is 0.
    let weekdays: BitSet
    /// Whether a day that one of the two day fields names will do.
    let takesEitherDay: Bool
    /// Whether it names times of the day, and does not follow the clock.
    let isFixed: Bool

    /// The longest text in bytes.
    static let longestText = 256

    /// Reads a text.
    ///
    /// - Throws: `CronError` when it is no cron expression.
    public init(_ text: String) throws(CronError) {
        guard text.utf8.count <= Self.longestText else {
            throw CronError(description: "it is longer than \(Self.longestText) bytes")
        }
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var fields = text.utf8.split(whereSeparator: isSpace).map { Substring($0) }
        if fields.count == 1, fields[0].hasBytePrefix("@") { fields = try Self.fields(ofNickname: fields[0]) }
        guard fields.count == 5 else {
            throw CronError(
                description: "it has \(fields.count) fields, not five: minute, hour, day, month, day of the week")
        }
        minutes = try CronField.minute.values(of: fields[0])
        hours = try CronField.hour.values(of: fields[1])
        days = try CronField.day.values(of: fields[2])
        months = try CronField.month.values(of: fields[3])
        var weekdays = try CronField.weekday.values(of: fields[4])
        if weekdays.contains(7) {
            weekdays.remove(7)
            weekdays.insert(0)
        }
        self.weekdays = weekdays
        isFixed = !fields[0].hasBytePrefix("*") && !fields[1].hasBytePrefix("*")
        takesEitherDay = !fields[2].hasBytePrefix("*") && !fields[4].hasBytePrefix("*")
    }

    private static func fields(ofNickname name: Substring) throws(CronError) -> [Substring] {
        switch name.asciiLowercased {
        case "@yearly", "@annually": ["0", "0", "1", "1", "*"]
        case "@monthly": ["0", "0", "1", "*", "*"]
        case "@weekly": ["0", "0", "*", "*", "0"]
        case "@daily", "@midnight": ["0", "0", "*", "*", "*"]
        case "@hourly": ["0", "*", "*", "*", "*"]
        default:
            throw CronError(
                description: "`\(name.prefix(40))` is none of @yearly, @monthly, @weekly, @daily and @hourly")
        }
    }
}
