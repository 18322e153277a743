import Basics
import BasicsTesting
import JSON
import Store
import StoreTesting
import Testing

@testable import Scheduling
@testable import Tracker

/// Runs that fail, that lose their lease, and that a stop leaves unconfirmed.
@Suite struct RetryTests {
    private struct Trouble: Error, CustomStringConvertible {
        let description = "no luck"
    }

    private static let id = "job@2026-11-29T00:01:00Z"

    private func fixture(_ store: any KeyValueStore = MemoryStore()) async throws -> SchedulerFixture {
        let fixture = try SchedulerFixture(store)
        try await fixture.make("job", ["At": "2026-11-29T00:01:00Z"])
        return fixture
    }

    @Test func `a run that fails is tried again later under the same id`() async throws {
        let fixture = try await fixture()
        let work = fixture.work { run in
            if run.attempt < 3 { throw Trouble() }
            return "third time"
        }
        try await fixture.whileRunning([work]) {
            try await fixture.advance(to: "2026-11-29T00:01:00Z")
            try await fixture.until("job") { $0["Run"] != nil && $0["Run"]?["Holder"] == nil }
            #expect(fixture.schedule("job")["Wake"] == "2026-11-29T00:01:10Z")
            try await fixture.advance(to: "2026-11-29T00:02:00Z", by: .seconds(1))
            try await fixture.until("job") { !$0.lastDue.isEmpty }
        }
        #expect(fixture.runs.ids == [Self.id, Self.id, Self.id] && fixture.runs.numbers == [1, 2, 3])
        #expect(fixture.schedule("job")["LastRun"]?["Succeeded"] == true)
        #expect(fixture.schedule("job")["LastRun"]?["Attempts"] == 3)
    }

    @Test func `a run fails when its attempts are spent, and failures are counted`() async throws {
        let fixture = try await fixture()
        try await fixture.whileRunning([fixture.work(attempts: 2) { _ in throw Trouble() }]) {
            try await fixture.advance(to: "2026-11-29T00:02:00Z", by: .seconds(1))
            try await fixture.until("job") { !$0.lastDue.isEmpty }
        }
        #expect(fixture.runs.numbers == [1, 2])
        let schedule = fixture.schedule("job")
        #expect(schedule["LastRun"]?["Succeeded"] == false && schedule["LastRun"]?["Message"] == "no luck")
        #expect(schedule["Failures"] == 1)
    }

    @Test func `a permanent failure is not tried again`() async throws {
        let fixture = try await fixture()
        try await fixture.whileRunning([fixture.work { _ in throw PermanentFailure("never") }]) {
            try await fixture.advance(to: "2026-11-29T00:01:00Z")
            try await fixture.until("job") { !$0.lastDue.isEmpty }
        }
        #expect(fixture.runs.numbers == [1] && fixture.schedule("job")["LastRun"]?["Message"] == "never")
    }

    @Test func `pauses between attempts grow up to an hour`() {
        let pauses = [1, 2, 3, 9, 10, 11, 1000].map { ScheduledWork.pause(afterAttempt: $0) }
        #expect(pauses == [10, 20, 40, 2560, 3600, 3600, 3600].map { .seconds($0) })
    }

    @Test func `a run that a stop leaves unconfirmed is tried again at the next start under the same id`() async throws
    {
        let store = MemoryStore()
        let fixture = try await fixture(store)
        let stuck = fixture.work { run in
            try await run.tracker.environment.sleep(for: .seconds(1_000_000))
            return ""
        }
        try await fixture.whileRunning([stuck]) {
            try await fixture.advance(to: "2026-11-29T00:01:00Z")
            try await fixture.until("job") { $0["Run"]?["Holder"] != nil }
        }
        #expect(fixture.schedule("job").lastDue.isEmpty)
        let next = try SchedulerFixture(store)
        try await next.whileRunning([next.work()]) { try await next.until("job") { !$0.lastDue.isEmpty } }
        #expect(next.runs.ids == [Self.id] && next.runs.numbers == [2])
    }

    @Test func `a run that outlives its lease is cancelled and tried again`() async throws {
        let fixture = try await fixture()
        let work = fixture.work { run in
            if run.attempt > 1 { return "quick" }
            try await run.tracker.environment.sleep(for: .seconds(1_000_000))
            return "slow"
        }
        try await fixture.whileRunning([work]) {
            try await fixture.advance(to: "2026-11-29T00:01:00Z")
            try await fixture.until("job") { $0["Run"] != nil }
            await fixture.clock.untilSleeping(2)
            fixture.clock.advance(by: .seconds(30))
            await fixture.clock.untilSleeping(2)
            fixture.clock.advance(by: .seconds(30))
            try await fixture.until("job") { !$0.lastDue.isEmpty }
        }
        #expect(fixture.runs.numbers == [1, 2])
        #expect(fixture.schedule("job")["LastRun"]?["Message"] == "quick")
    }

    @Test func `a run that renews its lease keeps it`() async throws {
        let fixture = try await fixture()
        let work = fixture.work { run in
            for _ in 0..<5 {
                try await run.tracker.environment.sleep(for: .seconds(30))
                try await run.renew()
            }
            return "long"
        }
        try await fixture.whileRunning([work]) {
            try await fixture.advance(to: "2026-11-29T00:01:00Z")
            for round in 1...5 {
                let until = Timestamp(rfc3339: "2026-11-29T00:02:00Z")! + .seconds(30 * (round - 1))
                try await fixture.until("job") { $0["Run"]?["Until"] == .string(until.description) }
                await fixture.clock.untilSleeping(2)
                fixture.clock.advance(by: .seconds(30))
            }
            try await fixture.until("job") { !$0.lastDue.isEmpty }
        }
        #expect(fixture.runs.numbers == [1] && fixture.schedule("job")["LastRun"]?["Message"] == "long")
    }

    @Test func `who has lost the lease cannot renew it`() async throws {
        let fixture = try await fixture()
        let work = fixture.work { run in
            guard run.attempt == 1 else { return "second" }
            try? await run.tracker.environment.sleep(for: .seconds(1_000_000))
            await #expect(throws: CancellationError.self) { try await run.renew() }
            return "first"
        }
        try await fixture.whileRunning([work]) {
            try await fixture.advance(to: "2026-11-29T00:01:00Z")
            try await fixture.until("job") { $0["Run"] != nil }
            await fixture.clock.untilSleeping(2)
            fixture.clock.advance(by: .seconds(30))
            await fixture.clock.untilSleeping(2)
            fixture.clock.advance(by: .seconds(30))
            try await fixture.until("job") { !$0.lastDue.isEmpty }
        }
        #expect(fixture.schedule("job")["LastRun"]?["Message"] == "second")
    }

    @Test func `what the store refuses to take down is taken down when it works again`() async throws {
        let store = FaultInjectingStore(MemoryStore())
        let fixture = try await fixture(store)
        let work = fixture.work { _ in
            store.fail(.apply)
            return "done"
        }
        try await fixture.whileRunning([work]) {
            try await fixture.advance(to: "2026-11-29T00:01:30Z", by: .seconds(1))
            try await fixture.until("job") { !$0.lastDue.isEmpty }
        }
        #expect(fixture.runs.ids == [Self.id] && fixture.schedule("job")["LastRun"]?["Succeeded"] == true)
    }
}
