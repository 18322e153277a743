import Testing

@testable import Tracker

@Suite struct `The pace of a backup` {
    @Test func `is as fast as can be while nobody writes`() {
        var pace = BackupPace(at: Revision(7))
        for _ in 0..<3 { #expect(pace.rest(after: .milliseconds(5), newest: Revision(7)) == .zero) }
    }

    @Test func `leaves most of the time to others while they write, and only then`() {
        var pace = BackupPace(at: Revision(7))
        #expect(pace.rest(after: .milliseconds(5), newest: Revision(8)) == .milliseconds(15))
        #expect(pace.rest(after: .milliseconds(4), newest: Revision(20)) == .milliseconds(12))
        #expect(pace.rest(after: .milliseconds(4), newest: Revision(20)) == .zero)
        #expect(pace.rest(after: .seconds(4), newest: Revision(21)) == BackupPace.longestRest)
    }
}
