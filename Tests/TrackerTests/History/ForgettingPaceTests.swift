import Testing

@testable import Tracker

@Suite struct `The pace of forgetting` {
    private static let retention = HistoryRetention(age: .seconds(1600), size: 16_000_000)

    @Test func `is gentle while little is too much`() {
        var pace = ForgettingPace(Self.retention)
        for bytes in [0, 500_000, 900_000, 1_000_000] { pace.adjust(to: .init(bytes: bytes)) }
        #expect((pace.limit, pace.pause) == (ForgettingPace.gentleLimit, ForgettingPace.gentlePause))
    }

    @Test func `quickens while more comes than goes, up to a limit`() {
        var pace = ForgettingPace(Self.retention)
        for step in 1...20 { pace.adjust(to: .init(bytes: 1_000_000 * (step + 1))) }
        #expect((pace.limit, pace.pause) == (ForgettingPace.largestLimit, ForgettingPace.shortestPause))
    }

    @Test func `stays as it is while less is left, and is gentle again at the end`() {
        var pace = ForgettingPace(Self.retention)
        for bytes in [2_000_000, 3_000_000, 2_500_000, 2_000_000] { pace.adjust(to: .init(bytes: bytes)) }
        #expect(pace.limit == ForgettingPace.gentleLimit * 4)
        pace.adjust(to: .init(bytes: 10))
        #expect(pace.limit == ForgettingPace.gentleLimit)
    }

    @Test func `quickens too while states become too old`() {
        var pace = ForgettingPace(Self.retention)
        for seconds in [101, 150, 200] { pace.adjust(to: .init(overdue: .seconds(seconds))) }
        #expect(pace.limit == ForgettingPace.gentleLimit * 8)
    }

    /// Ten minutes of writes, in which each commit has a record and a version of 150 bytes together, and a step takes 10 ms.
    @Test(arguments: [100, 2500, 10_000, 100_000])
    func `keeps what is too much within the size that is kept, whatever the load is`(commitsPerSecond: Int) {
        var pace = ForgettingPace(Self.retention)
        var (excess, most) = (0, 0)
        var milliseconds: Int64 = 0
        while milliseconds < 600_000 {
            let step = pace.pause.components.attoseconds / 1_000_000_000_000_000 + 10
            milliseconds += step
            excess += commitsPerSecond * Int(step) / 1000 * 150
            excess -= min(excess, pace.limit / 2 * 150)
            most = max(most, excess)
            pace.adjust(to: .init(bytes: excess))
        }
        #expect(most < Self.retention.size)
    }
}
