import Basics
import BasicsTesting
import JSON
import StoreTesting
import Testing

@testable import Scheduling
@testable import Tracker

@Suite struct CatchUpTests {
    private static let hour: Int64 = 3600
    private static let hourly = Recurrence.every(hour)

    @Test func `skipping leaves out what is more than a minute late`() {
        #expect(CatchUp.skip.next(from: 0, by: 3 * Self.hour + 60, jitter: 0, of: Self.hourly) == 3 * Self.hour)
        #expect(CatchUp.skip.next(from: 0, by: 3 * Self.hour + 61, jitter: 0, of: Self.hourly) == 4 * Self.hour)
        #expect(CatchUp.skip.next(from: 0, by: 3 * Self.hour + 61, jitter: 1, of: Self.hourly) == 3 * Self.hour)
        #expect(CatchUp.skip.next(from: 0, by: 61, jitter: 0, of: .once(0)) == nil)
    }

    @Test func `catching up once keeps the last due time`() {
        #expect(CatchUp.once.next(from: 0, by: 10 * Self.hour + 1, jitter: 0, of: Self.hourly) == 10 * Self.hour)
        #expect(CatchUp.once.next(from: 0, by: 1_000_000, jitter: 0, of: .once(0)) == 0)
    }

    @Test func `catching up with all keeps the last ones, up to the limit`() {
        #expect(CatchUp.all(3).next(from: 0, by: 10 * Self.hour, jitter: 0, of: Self.hourly) == 8 * Self.hour)
        #expect(CatchUp.all(11).next(from: 0, by: 10 * Self.hour, jitter: 0, of: Self.hourly) == 0)
        #expect(CatchUp.all(1).next(from: 0, by: 10 * Self.hour, jitter: 0, of: Self.hourly) == 10 * Self.hour)
    }

    @Test func `the longest absence of the densest schedule costs few searches`() throws {
        let cron = Recurrence.cron(try CronExpression("* * * * *"), .utc)
        let end: Int64 = 253_402_300_740
        let first = CatchUp.all(CatchUp.mostRuns).next(from: 0, by: end, jitter: 0, of: cron)
        #expect(first == end - 99 * 60)
    }

    @Test(arguments: [("skip", 0), ("once", 1), ("all", 5)])
    func `a server that was down keeps what its schedules ask for`(policy: String, count: Int) async throws {
        let fixture = try SchedulerFixture()
        let limit: JSONObject = policy == "all" ? ["CatchUpLimit": 5] : [:]
        let fields: JSONObject = ["Every": "1h", "CatchUp": .string(policy)]
        try await fixture.make("job", fields.merging(limit) { $1 })
        fixture.clock.advance(by: .seconds(24 * 3600 + 1800))
        try await fixture.whileRunning([fixture.work()]) {
            try await fixture.until("job") { $0["Next"] == "2026-11-30T01:00:00Z" && $0["Run"] == nil }
        }
        let hours = (0..<count).map {
            count == 1 ? "2026-11-30T00:00:00Z" : "2026-11-\($0 == 4 ? "30T00" : "29T2\($0)"):00:00Z"
        }
        #expect(fixture.runs.ids == hours.map { "job@\($0)" })
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `however long a server is down, each due time that is to be kept runs once and in order`(seed: UInt64)
        async throws
    {
        var random = SeededGenerator(seed: seed)
        let fixture = try SchedulerFixture()
        let minutes = Int.random(in: 2...59, using: &random)
        let expression = "*/\(minutes) */\(Int.random(in: 1...4, using: &random)) * * *"
        try await fixture.make("job", ["Cron": .string(expression), "CatchUp": "all", "CatchUpLimit": 100])
        for _ in 0..<4 {
            // At the most 30 due times an hour come between.
            fixture.clock.advance(by: .seconds(Int.random(in: 1...10_000, using: &random)))
            let now = fixture.clock.now().description
            try await fixture.whileRunning([fixture.work()]) {
                try await fixture.until("job") { ($0["Next"]?.stringValue ?? "") > now && $0["Run"] == nil }
            }
        }
        let recurrence = Recurrence.cron(try CronExpression(expression), .utc)
        var (expected, moment): ([String], Int64) = ([], SchedulerFixture.start.seconds)
        while let next = recurrence.next(after: moment, from: moment), next <= fixture.clock.now().seconds {
            expected.append("job@\(Timestamp(seconds: next))")
            moment = next
        }
        #expect(fixture.runs.ids == expected, "seed \(seed): `\(expression)`")
    }

    @Test func `jitter is the same for one run, differs between runs, and is spread over its time`() {
        let delays = (0..<1000).map { number in
            RunID(schedule: "s\(number)", due: Timestamp(seconds: 60)).delay(upTo: 100)
        }
        #expect(delays == (0..<1000).map { RunID(schedule: "s\($0)", due: Timestamp(seconds: 60)).delay(upTo: 100) })
        #expect(delays.allSatisfy { 0...100_000 ~= $0 })
        for quarter in 0..<4 {
            let count = delays.count { $0 / 25_001 == quarter }
            #expect(200...300 ~= count, "\(count) of 1000 in quarter \(quarter)")
        }
        #expect(RunID(schedule: "s", due: Timestamp(seconds: 60)).delay(upTo: 0) == 0)
    }
}
