import Basics
import BasicsTesting
import JSON
import Synchronization
import Testing

@testable import Scheduling
@testable import Tracker

@Suite struct SchedulerTests {
    @Test func `what is due runs, and its schedule tells of it and of the next time`() async throws {
        let fixture = try SchedulerFixture()
        try await fixture.make("nightly", ["Cron": "0 3 * * *", "Payload": ["depth": 2]])
        #expect(fixture.schedule("nightly")["Next"] == "2026-11-29T03:00:00Z")
        let work = fixture.work { run in "depth \(run.payload["depth"]?.intValue ?? 0)" }
        try await fixture.whileRunning([work]) {
            try await fixture.advance(to: "2026-11-29T02:59:59Z", by: .seconds(3600))
            #expect(fixture.runs.ids.isEmpty)
            await fixture.advance(by: .seconds(1))
            try await fixture.until("nightly") { $0.lastDue == "2026-11-29T03:00:00Z" }
        }
        #expect(fixture.runs.ids == ["nightly@2026-11-29T03:00:00Z"])
        let schedule = fixture.schedule("nightly")
        #expect(schedule["Next"] == "2026-11-30T03:00:00Z" && schedule["Wake"] == schedule["Next"])
        #expect(schedule["Run"] == nil)
        #expect(schedule["LastRun"]?["Succeeded"] == true && schedule["LastRun"]?["Message"] == "depth 2")
    }

    @Test func `a schedule that is made while nothing is due is kept in time`() async throws {
        let fixture = try SchedulerFixture()
        try await fixture.whileRunning([fixture.work()]) {
            await fixture.clock.untilSleeping(1)
            try await fixture.make("soon", ["Every": "10s"])
            try await fixture.advance(to: "2026-11-29T00:00:10Z", by: .seconds(1))
            try await fixture.until("soon") { $0.lastDue == "2026-11-29T00:00:10Z" }
        }
        #expect(fixture.runs.ids == ["soon@2026-11-29T00:00:10Z"])
    }

    @Test func `a paused schedule does not run, and goes on when it is no longer paused`() async throws {
        let fixture = try SchedulerFixture()
        try await fixture.make("held", ["Every": "1m", "Paused": true])
        #expect(fixture.schedule("held")["Wake"] == nil)
        try await fixture.whileRunning([fixture.work()]) {
            try await fixture.advance(to: "2026-11-29T00:05:00Z")
            #expect(fixture.runs.ids.isEmpty)
            _ = try await fixture.tracker.commit(.system("test")) { draft throws(TrackerError) in
                try draft.updateAsServer(.schedules, at: "held") { $0["Paused"] = false }
            }
            try await fixture.advance(to: "2026-11-29T00:06:00Z")
            try await fixture.until("held") { $0.lastDue == "2026-11-29T00:06:00Z" }
        }
    }

    @Test func `a single run happens once`() async throws {
        let fixture = try SchedulerFixture()
        try await fixture.make("once", ["At": "2026-11-29T00:01:00Z"])
        try await fixture.whileRunning([fixture.work()]) {
            try await fixture.advance(to: "2026-11-29T00:03:00Z")
        }
        #expect(fixture.runs.ids == ["once@2026-11-29T00:01:00Z"])
        #expect(fixture.schedule("once")["Next"] == nil && fixture.schedule("once")["Wake"] == nil)
    }

    @Test func `no more runs than the limit go on at the same time`() async throws {
        let fixture = try SchedulerFixture()
        for number in 0..<10 { try await fixture.make("task-\(number)", ["Every": "1m"]) }
        let count = Mutex((now: 0, most: 0))
        let work = fixture.work { _ in
            count.withLock { count in
                count.now += 1
                count.most = max(count.most, count.now)
            }
            await Task.yield()
            count.withLock { $0.now -= 1 }
            return ""
        }
        try await fixture.whileRunning([work], Scheduler.Limits(running: 3, begunAtOnce: 2)) {
            try await fixture.advance(to: "2026-11-29T00:01:00Z")
            for number in 0..<10 { try await fixture.until("task-\(number)") { !$0.lastDue.isEmpty } }
        }
        #expect(count.withLock { $0.most <= 3 })
        #expect(Set(fixture.runs.ids).count == 10 && fixture.runs.ids.count == 10)
    }

    @Test func `a kind of work that nobody does is told of, and does not hold up others`() async throws {
        let fixture = try SchedulerFixture()
        try await fixture.make("orphan", ["Every": "1m", "Kind": "forgotten"])
        try await fixture.make("other", ["Every": "1m"])
        try await fixture.whileRunning([fixture.work()]) {
            try await fixture.advance(to: "2026-11-29T00:01:00Z")
            try await fixture.until("other") { !$0.lastDue.isEmpty }
            try await fixture.until("orphan") { !$0.lastDue.isEmpty }
        }
        let last = fixture.schedule("orphan")["LastRun"]
        #expect(last?["Succeeded"] == false && last?["Message"] == "no handler is called forgotten")
    }

    @Test func `a clock that is set back repeats nothing`() async throws {
        let fixture = try SchedulerFixture()
        try await fixture.make("steady", ["Every": "1m"])
        try await fixture.whileRunning([fixture.work()]) {
            try await fixture.advance(to: "2026-11-29T00:02:00Z")
            try await fixture.until("steady") { $0.lastDue == "2026-11-29T00:02:00Z" }
            await fixture.clock.untilSleeping(1)
            fixture.clock.setCalendar(by: .seconds(-90))
            try await fixture.advance(to: "2026-11-29T00:03:00Z")
            try await fixture.until("steady") { $0.lastDue == "2026-11-29T00:03:00Z" }
        }
        #expect(
            fixture.runs.ids == (1...3).map { "steady@2026-11-29T00:0\($0):00Z" })
    }

    @Test func `a clock that was years ahead leaves nothing to wait for years`() async throws {
        let fixture = try SchedulerFixture()
        try await fixture.make("daily", ["Cron": "@daily"])
        try await fixture.make("hourly", ["Every": "1h"])
        try await fixture.whileRunning([fixture.work()]) {
            let years = Duration.seconds(20 * 365 * 86_400)
            await fixture.clock.untilSleeping(1)
            fixture.clock.setCalendar(by: years)
            await fixture.advance(by: Scheduler.longestRest)
            try await fixture.until("daily") { $0.lastDue > "2046" }
            try await fixture.until("hourly") { $0.lastDue > "2046" }
            await fixture.clock.untilSleeping(1)
            fixture.clock.setCalendar(by: .zero - years)
            await fixture.advance(by: Scheduler.longestRest)
            try await fixture.until("daily") { $0["Next"] == "2026-11-30T00:00:00Z" }
            try await fixture.until("hourly") { ($0["Next"]?.stringValue ?? "") <= "2026-11-29T01:01:00Z" }
        }
    }

    @Test func `a clock that is set forward is noticed without anybody telling`() async throws {
        let fixture = try SchedulerFixture()
        try await fixture.make("daily", ["Cron": "@daily"])
        try await fixture.whileRunning([fixture.work()]) {
            await fixture.clock.untilSleeping(1)
            fixture.clock.setCalendar(by: .seconds(86_400))
            await fixture.advance(by: Scheduler.longestRest)
            try await fixture.until("daily") { $0.lastDue == "2026-11-30T00:00:00Z" }
        }
    }
}
