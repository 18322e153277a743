import Synchronization

/// When each commit was acknowledged, and when each watcher was told of it; in microseconds since the load began.
///
/// Unchecked, because the compiler knows nothing of memory behind pointers. These never change; each element is written by one
/// event loop, the watcher's or the writer's, and all are read only once the load is over. Locks or atomic operations would
/// slow down a client that takes in millions of frames a second.
final class Deliveries: @unchecked Sendable {
    let watchers: Int
    let commits: Int
    private let start = ContinuousClock.now
    /// Of each commit; zero until it is acknowledged.
    private let acknowledged: UnsafeMutablePointer<UInt32>
    /// Of each commit for each watcher; zero until it is told.
    private let told: UnsafeMutablePointer<UInt32>
    /// Events that came twice, or that nobody caused.
    private let strays = Atomic(0)
    private let count = Atomic(0)

    init(watchers: Int, commits: Int) {
        self.watchers = watchers
        self.commits = commits
        acknowledged = .allocate(capacity: commits)
        acknowledged.initialize(repeating: 0, count: commits)
        told = .allocate(capacity: max(1, watchers * commits))
        told.initialize(repeating: 0, count: max(1, watchers * commits))
    }

    deinit {
        acknowledged.deallocate()
        told.deallocate()
    }

    /// Microseconds since the start, never zero.
    var now: UInt32 {
        let (seconds, attoseconds) = start.duration(to: .now).components
        return UInt32(truncatingIfNeeded: max(1, seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
    }

    /// How many events have been told.
    var toldCount: Int { count.load(ordering: .relaxed) }

    /// Notes that the commit of that number is durable.
    func acknowledge(_ commit: Int) { acknowledged[commit] = now }

    /// Notes that a watcher was told of commits at one time.
    func tell(_ watcher: Int, _ commits: [Int], at time: UInt32) {
        var fresh = 0
        for commit in commits {
            let place = watcher * self.commits + commit
            if commit < self.commits, told[place] == 0 {
                told[place] = time
                fresh += 1
            }
        }
        count.add(fresh, ordering: .relaxed)
        if fresh < commits.count { strays.add(commits.count - fresh, ordering: .relaxed) }
    }

    /// How many events came twice or without a cause.
    var strayCount: Int { strays.load(ordering: .relaxed) }

    /// The median and the 99th percentile of the time from acknowledgement to delivery, in milliseconds. Who is told before
    /// the writer has read its answer has not waited.
    func delays() -> (median: Double, p99: Double) {
        var delays: [UInt32] = []
        delays.reserveCapacity(toldCount)
        for commit in 0..<commits where acknowledged[commit] > 0 {
            for watcher in 0..<watchers {
                let time = told[watcher * commits + commit]
                if time > 0 { delays.append(time > acknowledged[commit] ? time - acknowledged[commit] : 0) }
            }
        }
        delays.sort()
        guard !delays.isEmpty else { return (0, 0) }
        return (Double(delays[delays.count / 2]) / 1000, Double(delays[delays.count * 99 / 100]) / 1000)
    }
}
