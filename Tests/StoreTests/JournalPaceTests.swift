import Testing

@testable import Store

@Suite struct `The pace of a journal` {
    @Test func `lets nobody wait while checkpoints keep up`() {
        let pace = JournalPace(ringSize: 64 << 20)
        #expect(pace.rest(waiting: 0) == .zero)
        #expect(pace.rest(waiting: pace.freeSize) == .zero)
    }

    @Test func `has writers rest the longer the more there is, up to a limit`() {
        let pace = JournalPace(ringSize: 64 << 20)
        #expect(pace.rest(waiting: pace.freeSize + (1 << 20)) == .milliseconds(1))
        #expect(pace.rest(waiting: pace.freeSize + (4 << 20)) == .milliseconds(4))
        #expect(pace.rest(waiting: 64 << 20) == JournalPace.longestRest)
    }

    @Test(arguments: [64 << 10, 256 << 10, 1 << 20, 64 << 20])
    func `begins long before a ring is full, whatever its size`(size: Int) {
        let pace = JournalPace(ringSize: size)
        #expect(pace.checkpointSize * 4 <= size && pace.freeSize * 2 <= size)
        #expect(pace.rest(waiting: size * 3 / 4) >= .milliseconds(3))
    }

    /// Ten seconds of writers that bring 50 KB a millisecond, and of checkpoints that take 20.
    @Test func `comes to a balance in which the ring is far from full and no batch waits long`() {
        let pace = JournalPace(ringSize: 64 << 20)
        var (waiting, most) = (0, 0)
        var milliseconds = 0.0
        while milliseconds < 10_000 {
            let rest = pace.rest(waiting: waiting) / .milliseconds(1)
            milliseconds += 1 + rest
            waiting = max(waiting + 50_000 - Int(20_000 * (1 + rest)), 0)
            most = max(most, waiting)
        }
        #expect(most < 12 << 20)
        #expect(pace.rest(waiting: waiting) < .milliseconds(4))
    }
}
