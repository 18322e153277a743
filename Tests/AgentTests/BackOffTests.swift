import Testing

@testable import Agent

@Suite struct `Pauses before something is tried again` {
    @Test func `grow to half a minute and no further`() {
        var backOff = BackOff()
        let pauses = (0..<20).map { _ in backOff.next(1) }
        #expect(pauses[0] == .milliseconds(250) && pauses[1] == .milliseconds(500) && pauses[19] == .seconds(30))
        #expect(pauses == pauses.sorted())
    }

    @Test func `are not the same for all`() {
        var (early, late) = (BackOff(), BackOff())
        #expect(early.next(0) == .milliseconds(125) && late.next(1) == .milliseconds(250))
    }
}
