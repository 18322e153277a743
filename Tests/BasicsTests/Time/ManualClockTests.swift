import BasicsTesting
import Testing

@testable import Basics

@Suite struct ManualClockTests {
    private let clock = ManualClock(at: Timestamp(seconds: 1000))

    @Test func `time stands still until it is moved`() {
        let reading = clock.instant()
        #expect((clock.now(), clock.instant()) == (Timestamp(seconds: 1000), reading))
        clock.advance(by: .milliseconds(1500))
        #expect(clock.now() == Timestamp(seconds: 1001, nanoseconds: 500_000_000))
        #expect(clock.instant() - reading == .milliseconds(1500))
    }

    @Test func `a clock with a step goes on with every look`() {
        let clock = ManualClock(at: Timestamp(seconds: 0), step: .seconds(1))
        #expect((1...3).map { _ in clock.now().seconds } == [1, 2, 3])
    }

    @Test func `a sleeper wakes when its time has come and not before`() async throws {
        try await withThrowingTaskGroup { [clock] group in
            group.addTask { try await clock.sleep(for: .seconds(10)) }
            await clock.untilSleeping(1)
            clock.advance(by: .seconds(9))
            #expect(clock.sleepers == 1)
            clock.advance(by: .seconds(1))
            try await group.waitForAll()
            #expect(clock.sleepers == 0)
        }
    }

    @Test func `a deadline that is reached takes no sleep`() async throws {
        try await clock.sleep(for: .zero)
        try await clock.sleep(until: clock.instant() - .seconds(1))
    }

    @Test func `a cancelled sleeper wakes at once`() async {
        let task = Task { [clock] in try await clock.sleep(for: .seconds(10)) }
        await clock.untilSleeping(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(clock.sleepers == 0)
    }

    @Test func `a task that is cancelled already does not sleep`() async {
        let task = Task { [clock] in
            while !Task.isCancelled { await Task.yield() }
            try await clock.sleep(for: .zero)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `many sleepers wake for every move, each once`() async throws {
        try await clock.advancing(by: .seconds(1)) {
            try await withThrowingTaskGroup { [clock] group in
                for number in 1...50 {
                    group.addTask { for _ in 0..<4 { try await clock.sleep(for: .seconds(number)) } }
                }
                try await group.waitForAll()
            }
        }
        #expect(clock.sleepers == 0)
    }

    @Test func `the system's clock wakes a cancelled sleeper too`() async {
        let task = Task { try await SystemClock().sleep(for: .seconds(3600)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
