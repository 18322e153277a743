import Basics
import Testing

@testable import Tracker

/// How many commits share one wait for the disk.
@Suite struct `The limit of a group of commits` {
    @Test func `is small as long as the disk is faster than the drafts`() {
        var limit = GroupLimit()
        for _ in 0..<5 { limit.adjust(after: limit.count, drafting: .milliseconds(2), writing: .milliseconds(1)) }
        #expect(limit.count == 32)
    }

    @Test func `grows while the disk is slow, and comes down again`() {
        var limit = GroupLimit()
        var seen: [Int] = []
        for _ in 0..<5 {
            limit.adjust(after: limit.count, drafting: .milliseconds(2), writing: .milliseconds(5))
            seen.append(limit.count)
        }
        #expect(seen == [64, 128, 256, 256, 256])
        for _ in 0..<5 {
            limit.adjust(after: limit.count, drafting: .milliseconds(5), writing: .milliseconds(2))
            seen.append(limit.count)
        }
        #expect(seen.suffix(5) == [128, 64, 32, 32, 32])
    }

    @Test func `stays as it is where few want to write`() {
        var limit = GroupLimit()
        limit.adjust(after: 16, drafting: .zero, writing: .seconds(1))
        #expect(limit.count == 32)
    }

    @Test func `measures what it is given to do`() {
        var limit = GroupLimit()
        #expect(limit.measure(1, by: SystemClock()) { 7 } == 7)
        #expect(limit.count == 32)
    }
}
