import Basics
import Testing

@testable import Scheduling

@Suite struct CronExpressionTests {
    /// The next due times after a moment, as RFC 3339.
    private func next(
        _ text: String, after start: String, in name: String = "", count: Int = 1
    ) throws -> [String] {
        let (expression, zone) = (try CronExpression(text), try #require(Zone(name)))
        var moment = try #require(Timestamp(rfc3339: start)).seconds
        var times: [String] = []
        while times.count < count, let next = expression.next(after: moment, in: zone) {
            times.append(Timestamp(seconds: next).description)
            moment = next
        }
        return times
    }

    @Test(arguments: [
        ("*/20 * * * *", "2026-11-29T10:00:00Z", "2026-11-29T10:20:00Z"),
        ("*/20 * * * *", "2026-11-29T10:59:59Z", "2026-11-29T11:00:00Z"),
        ("0 3 * * *", "2026-12-31T03:00:00Z", "2027-01-01T03:00:00Z"),
        ("5-15/5,59 8 * * *", "2026-11-29T08:06:00Z", "2026-11-29T08:10:00Z"),
        ("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"),
        ("0 12 * * MON", "2026-11-29T12:00:00Z", "2026-11-30T12:00:00Z"),
        ("0 12 * * 7", "2026-11-28T12:00:00Z", "2026-11-29T12:00:00Z"),
        ("0 0 1 jan,Jul *", "2026-11-29T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("@hourly", "2026-11-29T10:00:00Z", "2026-11-29T11:00:00Z"),
        ("@weekly", "2026-11-25T10:00:00Z", "2026-11-29T00:00:00Z"),
        ("@yearly", "2026-11-29T10:00:00Z", "2027-01-01T00:00:00Z"),
    ])
    func `a minute that all fields name is due next`(text: String, start: String, due: String) throws {
        #expect(try next(text, after: start) == [due])
    }

    @Test func `of two day fields that name days, one is enough`() throws {
        let times = try next("0 0 13 * fri", after: "2026-11-01T00:00:00Z", count: 3)
        #expect(times == ["2026-11-06T00:00:00Z", "2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z"])
    }

    @Test func `a day field that begins with a star restricts the other`() throws {
        #expect(try next("0 0 */2 * fri", after: "2026-11-01T00:00:00Z") == ["2026-11-13T00:00:00Z"])
    }

    @Test(arguments: ["0 0 30 2 *", "0 0 31 4,6,9,11 *"])
    func `a day that no year has is never due`(text: String) throws {
        #expect(try next(text, after: "2026-11-29T00:00:00Z").isEmpty)
    }

    @Test(arguments: [
        ("", "it has 0 fields, not five: minute, hour, day, month, day of the week"),
        ("* * * *", "it has 4 fields, not five: minute, hour, day, month, day of the week"),
        ("60 * * * *", "the minute `60` is not from 0 to 59"),
        ("*/0 * * * *", "the minute `*/0` has no step from 1 to 59"),
        ("*/60 * * * *", "the minute `*/60` has no step from 1 to 59"),
        ("5/10 * * * *", "the minute `5/10` has a step but no range: write 5-59/10"),
        ("* 5-3 * * *", "the hour `5-3` runs backwards: write two ranges"),
        ("* * 1,,2 * *", "the day of the month `` is no number"),
        ("* * * foo *", "the month `foo` is no number or name"),
        ("* * * * 1-2-3", "the day of the week `1-2-3` is no range"),
        ("@reboot", "`@reboot` is none of @yearly, @monthly, @weekly, @daily and @hourly"),
        ("\u{661} * * * *", "the minute `\u{661}` is no number"),
    ])
    func `what makes no sense is refused, and named`(text: String, message: String) {
        #expect(throws: CronError(description: message)) { try CronExpression(text) }
    }
}

/// Clocks of Berlin: 02:00 became 03:00 on 2026-03-29, and 03:00 became 02:00 on 2026-10-25.
@Suite struct ClockChangeTests {
    private func times(_ text: String, from start: String, count: Int, in name: String = "Europe/Berlin") throws
        -> [String]
    {
        let (expression, zone) = (try CronExpression(text), try #require(Zone(name)))
        var moment = try #require(Timestamp(rfc3339: start)).seconds
        return try (0..<count).map { _ in
            moment = try #require(expression.next(after: moment, in: zone))
            return Timestamp(seconds: moment).description
        }
    }

    @Test func `a fixed time that the clock skips is due at the end of the gap`() throws {
        let due = try times("30 2 * * *", from: "2026-03-28T12:00:00Z", count: 2)
        #expect(due == ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"])
    }

    @Test func `fixed times in a gap are due once together with what is due at its end`() throws {
        let due = try times("0,30 2-3 * * *", from: "2026-03-28T12:00:00Z", count: 2)
        #expect(due == ["2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"])
    }

    @Test func `a fixed time that the clock shows twice is due the first time`() throws {
        let due = try times("30 2 * * *", from: "2026-10-24T12:00:00Z", count: 2)
        #expect(due == ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"])
    }

    @Test func `what follows the clock is due at each half hour while it is set back`() throws {
        let due = try times("*/30 2 * * *", from: "2026-10-24T12:00:00Z", count: 5)
        #expect(
            due == [
                "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z",
                "2026-10-26T01:00:00Z",
            ])
    }

    @Test func `what follows the clock is not due while it is set forward`() throws {
        #expect(try times("*/30 2 * * *", from: "2026-03-28T12:00:00Z", count: 1) == ["2026-03-30T00:00:00Z"])
    }

    @Test func `a fixed time on a day that a zone leaves out is due when the next day begins`() throws {
        // Samoa went from the 29th to the 31st of December 2011.
        let due = try times("0 12 30 12 *", from: "2011-12-29T00:00:00Z", count: 1, in: "Pacific/Apia")
        #expect(due == ["2011-12-30T10:00:00Z"])
    }

    @Test(arguments: ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Etc/UTC", "UTC", ""])
    func `zones are named by place`(name: String) { #expect(Zone(name) != nil) }

    @Test(arguments: ["CST", "Berlin", "europe/berlin", "Europe/Atlantis", "GMT+5", "../etc/passwd"])
    func `other names are no zones`(name: String) { #expect(Zone(name) == nil) }
}
