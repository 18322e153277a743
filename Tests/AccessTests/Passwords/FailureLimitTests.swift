import Basics
import Testing
import Tracker

@testable import Access

struct FailureLimitTests {
    private let start = Timestamp(seconds: 1000)
    private let attempt = LoginAttempt("rob", from: "192.0.2.1")

    private func limit() -> FailureLimit<LoginAttempt> { FailureLimit(burst: 3, decay: .seconds(10)) }

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
        #expect(limit.wait(for: LoginAttempt("rob", from: "192.0.2.2"), at: start) == nil)
        #expect(limit.wait(for: LoginAttempt("tim", from: "192.0.2.1"), at: start) == nil)
        #expect(limit.wait(for: LoginAttempt("rob", from: nil), at: start) == nil)
    }

    @Test func `users whose names only Unicode calls the same have their failures for themselves`() {
        var limit = limit()
        let kate = LoginAttempt("Kate", from: "192.0.2.1")
        for _ in 0..<3 { limit.begin(kate, at: start) }
        #expect(limit.wait(for: LoginAttempt("\u{212A}ate", from: "192.0.2.1"), at: start) == nil)
        #expect(limit.wait(for: kate, at: start) != nil)
    }

    @Test func `all addresses of one client are one origin`() {
        #expect(LoginOrigin("192.0.2.1") == LoginOrigin("::ffff:192.0.2.1"))
        #expect(LoginOrigin("2001:db8::1") == LoginOrigin("2001:db8::ffff:1"))
        #expect(LoginOrigin("2001:db8::1") != LoginOrigin("2001:db8:0:1::1"))
        #expect(LoginOrigin("192.0.2.1") != LoginOrigin("192.0.2.2"))
        #expect(LoginOrigin(nil) != LoginOrigin("192.0.2.2"))
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
