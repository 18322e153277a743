import Basics
import BasicsTesting
import HTTPTypes
import Testing

@testable import HTTPServing

@Suite struct `Sessions of browsers` {
    private let clock = ManualClock()

    private func sessions(most: Int = 100) -> BrowserSessions<String> {
        BrowserSessions(
            Environment(clock: clock), idleLimit: .seconds(60), lifetime: .seconds(300), mostSessions: most)
    }

    @Test func `have secrets that differ`() {
        let sessions = sessions()
        let (one, other) = (sessions.begin("rob"), sessions.begin("rob"))
        #expect(Set([one.id, one.formToken, other.id, other.formToken]).count == 4)
        #expect(sessions.session(one.id)?.subject == "rob" && sessions.session("guessed") == nil)
    }

    @Test func `end when they rest for long, or have lived for long`() {
        let sessions = sessions()
        let resting = sessions.begin("rob")
        let used = sessions.begin("rob")
        for _ in 0..<5 {
            clock.advance(by: .seconds(50))
            #expect(sessions.session(used.id) != nil)
        }
        #expect(sessions.session(resting.id) == nil)
        clock.advance(by: .seconds(50))
        #expect(sessions.session(used.id) == nil && sessions.count == 0)
    }

    @Test func `end when their user leaves`() {
        let sessions = sessions()
        let session = sessions.begin("rob")
        sessions.end(session.id)
        #expect(sessions.session(session.id) == nil)
    }

    @Test func `are bounded, and the one that rested longest makes room`() {
        let sessions = sessions(most: 3)
        let first = (0..<3).map { _ in
            clock.advance(by: .seconds(1))
            return sessions.begin("rob")
        }
        #expect(sessions.session(first[0].id) != nil)
        clock.advance(by: .seconds(1))
        #expect(sessions.session(first[0].id) != nil)
        _ = sessions.begin("rob")
        #expect(sessions.count == 3)
        #expect(sessions.session(first[1].id) == nil && sessions.session(first[0].id) != nil)
    }
}
