import Basics
import BasicsTesting
import JSON
import Testing

@testable import Scheduling
@testable import Tracker

@Suite struct ScheduleRulesTests {
    private func problems(_ fields: JSONObject) async throws -> [String] {
        let fixture = try SchedulerFixture()
        do {
            try await fixture.make("job", fields)
            return []
        } catch let error as TrackerError {
            return error.messages
        }
    }

    @Test(
        arguments: [
            (["Cron": "61 * * * *"], "job: Cron: the minute `61 * * * *` is not from 0 to 59"),
            (["Cron": "0 0 31 2 *"], "job: nothing is ever due"),
            (
                ["Cron": "@daily", "TimeZone": "CST"],
                "job: TimeZone `CST` is neither UTC nor a zone such as Europe/Berlin"
            ),
            (
                ["Cron": "@daily", "Every": "1h"],
                "job: a schedule has either Cron, or Every (perhaps from At on), or At alone"
            ),
            ([:], "job: a schedule has either Cron, or Every (perhaps from At on), or At alone"),
            (["Every": "0s"], "job: Every `0s` is no whole number of seconds up to 315360000"),
            (["Every": "1.5"], "job: Every `1.5` is no whole number of seconds up to 315360000"),
            (["Every": "1h", "Jitter": "2d"], "job: Jitter `2d` is no whole number of seconds up to 86400"),
            (["Every": "1h", "CatchUp": "all"], "job: CatchUpLimit is from 1 to 100, not 0"),
            (["Every": "1h", "CatchUp": "often"], "job: CatchUp is skip, once, or all with a CatchUpLimit"),
            (["Every": "1h", "Kind": ""], "job: Kind names no handler"),
        ] as [(JSONObject, String)])
    func `what cannot be kept is refused when it is made`(fields: JSONObject, message: String) async throws {
        let expected = message.replacing("`61 * * * *`", with: "`61`")
        #expect(try await problems(fields) == [expected])
    }

    @Test func `a payload that is too long is refused`() async throws {
        let payload = JSONValue.string(String(repeating: "x", count: ScheduleRules.longestPayload))
        #expect(try await problems(["Every": "1h", "Payload": payload]) == ["job: Payload is longer than 16384 bytes"])
    }

    @Test func `a schedule is due from the time on that it names`() async throws {
        let fixture = try SchedulerFixture()
        try await fixture.make("later", ["Every": "1h", "At": "2026-12-24T18:30:00Z"])
        try await fixture.make("zoned", ["Cron": "0 9 * * *", "TimeZone": "America/New_York"])
        #expect(fixture.schedule("later")["Next"] == "2026-12-24T18:30:00Z")
        #expect(fixture.schedule("zoned")["Next"] == "2026-11-29T14:00:00Z")
    }

    @Test func `a run begins within the jitter after its due time`() async throws {
        let fixture = try SchedulerFixture()
        try await fixture.make("jittered", ["Every": "1h", "Jitter": "10m"])
        let wake = try #require(fixture.schedule("jittered")["Wake"]?.stringValue.flatMap { Timestamp(rfc3339: $0) })
        let due = SchedulerFixture.start + .seconds(3600)
        #expect(due...(due + .seconds(600)) ~= wake)
    }

    @Test func `other times lead to another next time, another description does not`() async throws {
        let fixture = try SchedulerFixture()
        try await fixture.make("job", ["Every": "1h"])
        fixture.clock.advance(by: .seconds(600))
        let tracker = fixture.tracker
        _ = try await tracker.commit(.system("test")) { draft throws(TrackerError) in
            try draft.updateAsServer(.schedules, at: "job") { $0["Description"] = "hourly" }
        }
        #expect(fixture.schedule("job")["Next"] == "2026-11-29T01:00:00Z")
        _ = try await tracker.commit(.system("test")) { draft throws(TrackerError) in
            try draft.updateAsServer(.schedules, at: "job") { $0["Every"] = "2h" }
        }
        #expect(fixture.schedule("job")["Next"] == "2026-11-29T02:10:00Z")
    }

    @Test func `what a domain declares is there after each start, and changes nothing the second time`() async throws {
        let fixture = try SchedulerFixture()
        func works(_ schedules: [ScheduleDeclaration]) -> [ScheduledWork] {
            [ScheduledWork("work", schedules: schedules) { _ in "" }]
        }
        let both = works([
            ScheduleDeclaration("daily", ["Cron": "@daily"]), ScheduleDeclaration("hourly", ["Every": "1h"]),
        ])
        try await fixture.make("mine", ["Every": "1h"])
        for _ in 0..<2 { try await ScheduledWork.establish(both, of: "test", in: fixture.tracker) }
        #expect(fixture.tracker.snapshot.revision == Revision(2))
        let fewer = works([ScheduleDeclaration("daily", ["Cron": "@hourly"])])
        try await ScheduledWork.establish(fewer, of: "test", in: fixture.tracker)
        #expect(fixture.schedule("daily")["Cron"] == "@hourly")
        #expect(fixture.schedule("hourly").isEmpty && !fixture.schedule("mine").isEmpty)
    }

    @Test func `schedules do not come in packs`() throws {
        let layer = try Layer.admitting(
            kind: LayerKind("pack", height: 1, isStored: true), name: "p", metadata: ["Name": "p"],
            sections: ["schedules": ["job": ["Name": "job", "Kind": "work", "Every": "1h"]]],
            catalog: Catalog([Scheduling.domain()]))
        let fixture = try SchedulerFixture()
        #expect(throws: TrackerError.self) {
            var draft = Draft(
                over: fixture.tracker.snapshot, request: .system("test"), environment: fixture.tracker.environment)
            _ = try draft.push(layer)
        }
    }
}
