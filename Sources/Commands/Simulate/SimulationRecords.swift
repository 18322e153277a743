import Basics
import Synchronization

/// What is counted and measured while machines are played.
final class SimulationRecords: Sendable {
    /// What is counted.
    enum Counter: Hashable {
        /// Jobs that finished.
        case job
        /// Jobs that failed.
        case failure
        /// Boots that the server wanted.
        case boot
        /// Bytes that were logged.
        case logBytes
    }

    private struct State {
        var counts: [Counter: Int] = [:]
        var latencies: [Identifier: LatencyHistogram] = [:]
    }

    private let state = Mutex(State())

    /// How many jobs have finished.
    var jobs: Int { state.withLock { $0.counts[.job] ?? 0 } }

    /// Counts something.
    func count(_ counter: Counter, _ amount: Int = 1) { state.withLock { $0.counts[counter, default: 0] += amount } }

    /// Notes how long a request took.
    func add(_ kind: String, _ duration: Duration) {
        state.withLock { $0.latencies[Identifier(kind), default: LatencyHistogram()].add(duration) }
    }

    /// What all that came to.
    ///
    /// - Parameter elapsed: how long it took.
    func report(machines: Int, after elapsed: Duration) -> SimulationReport {
        let (counts, latencies) = state.withLock { ($0.counts, $0.latencies) }
        let rows = latencies.map { SimulationReport.Row(kind: $0.key.text, latencies: $0.value) }
        return SimulationReport(
            machines: machines, seconds: elapsed / .seconds(1), jobs: counts[.job] ?? 0,
            failures: counts[.failure] ?? 0, boots: counts[.boot] ?? 0, logBytes: counts[.logBytes] ?? 0,
            rows: rows.sorted { $0.latencies.count > $1.latencies.count })
    }
}

/// How long many requests took, in steps of a tenth of what they took.
struct LatencyHistogram: Sendable {
    /// How many there were.
    private(set) var count = 0
    /// The longest.
    private(set) var longest = Duration.zero
    private var buckets = [Int](repeating: 0, count: 256)

    /// Where the step ends that is `index` steps after a microsecond, in microseconds.
    private static let bounds: [Double] = (0..<256).map { index in
        (0..<index).reduce(1) { bound, _ in bound * 1.1 }
    }

    /// Adds one.
    mutating func add(_ duration: Duration) {
        let microseconds = duration / .microseconds(1)
        // Halves what is left until the first step is found that ends there or later.
        var (index, end) = (0, Self.bounds.count - 1)
        while index < end {
            let middle = (index + end) / 2
            if Self.bounds[middle] >= microseconds { end = middle } else { index = middle + 1 }
        }
        buckets[index] += 1
        count += 1
        longest = max(longest, duration)
    }

    /// How long the `share` fastest of all took at the most, in milliseconds; up to a tenth more than they did.
    func quantile(_ share: Double) -> Double {
        let wanted = Int((Double(count) * share).rounded(.up))
        var sum = 0
        for (index, bucket) in buckets.enumerated() where bucket > 0 {
            sum += bucket
            if sum >= wanted { return min(Self.bounds[index] / 1000, longest / .milliseconds(1)) }
        }
        return 0
    }
}
