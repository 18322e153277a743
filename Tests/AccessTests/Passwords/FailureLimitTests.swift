import Testing
import Tracker

@testable import Access

struct FailureLimitTests {
    private let start = Timestamp(seconds: 1000)
    private let attempt = FailureLimit.Attempt(address: "192.0.2.1", user: "rob")

    private func limit() -> FailureLimit { FailureLimit(burst: 3, decay: .seconds(10)) }

    @Test func `so many failures are let pass and no more`() {
        var limit = limit()
        for _ in 0..<3 {
            #expect(limit.wait(for: attempt, at: start) == nil)
            limit.begin(attempt, at: start)
        }
        #expect(limit.wait(for: attempt, at: start) == .seconds(10))
    }

    @Test func `failures are forgotten one by one`() {
        var limit = limit()
        for _ in 0..<3 { limit.begin(attempt, at: start) }
        #expect(limit.wait(for: attempt, at: start + .seconds(4)) == .seconds(6))
        #expect(limit.wait(for: attempt, at: start + .seconds(10)) == nil)
        limit.begin(attempt, at: start + .seconds(10))
        #expect(limit.wait(for: attempt, at: start + .seconds(10)) == .seconds(10))
        #expect(limit.wait(for: attempt, at: start + .seconds(1000)) == nil)
    }

    @Test func `other users and addresses are not concerned`() {
        var limit = limit()
        for _ in 0..<3 { limit.begin(attempt, at: start) }
        #expect(limit.wait(for: .init(address: "192.0.2.2", user: "rob"), at: start) == nil)
        #expect(limit.wait(for: .init(address: "192.0.2.1", user: "tim"), at: start) == nil)
        #expect(limit.wait(for: .init(address: nil, user: "rob"), at: start) == nil)
    }

    @Test func `a success wipes the slate`() {
        var limit = limit()
        for _ in 0..<3 { limit.begin(attempt, at: start) }
        limit.succeed(attempt)
        #expect(limit.wait(for: attempt, at: start) == nil)
    }

    @Test func `an attempt without outcome does not count`() {
        var limit = limit()
        for _ in 0..<3 { limit.begin(attempt, at: start) }
        limit.abandon(attempt, at: start)
        #expect(limit.wait(for: attempt, at: start) == nil)
    }

    @Test func `a clock that is set back changes nothing`() {
        var limit = limit()
        for _ in 0..<3 { limit.begin(attempt, at: start) }
        #expect(limit.wait(for: attempt, at: Timestamp(seconds: 1)) == .seconds(10))
    }
}
