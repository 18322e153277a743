import Basics
public import CoreMetrics
import JSON
import Synchronization

/// What lower floors and libraries time through swift-metrics, and their gauges. Its other kinds of metrics nobody here uses.
extension ServerMetrics: MetricsFactory {
    /// A timer called `label`; what is told sums over all dimensions.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        timings.withLock { timings in
            if let timing = timings[Identifier(label)] { return timing }
            let timing = Timing()
            timings[Identifier(label)] = timing
            return timing
        }
    }

    /// A counter that is not told of.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        NOOPMetricsHandler.instance
    }

    /// A gauge called `label`, one for each combination of dimensions; a recorder of another kind is not told of.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { return NOOPMetricsHandler.instance }
        let labels = dimensions.map { "\($0)=\"\($1)\"" }.joined(separator: ",")
        return gauges.withLock { gauges in
            let name = Identifier("\(label){\(labels)}")
            if let level = gauges[name] { return level }
            let level = Level()
            gauges[name] = level
            return level
        }
    }

    /// Nothing: what was timed stays told.
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// Nothing.
    public func destroyCounter(_ handler: any CounterHandler) {}

    /// Nothing.
    public func destroyRecorder(_ handler: any RecorderHandler) {}

    /// The timers as summaries in Prometheus' text format, in seconds.
    var timingText: String {
        timings.withLock { timings in
            timings.sorted { $0.key < $1.key }.map { label, timing in
                let (name, (count, seconds)) = ("\(label)_seconds", timing.total)
                return "# TYPE \(name) summary\n\(name)_sum \(seconds)\n\(name)_count \(count)\n"
            }.joined()
        }
    }
}

/// How often something was timed, and how long that took together.
final class Timing: TimerHandler {
    private let sums = Mutex((count: 0, nanoseconds: Int64(0)))

    func recordNanoseconds(_ duration: Int64) {
        sums.withLock { sums in
            sums.count += 1
            sums.nanoseconds &+= duration
        }
    }

    var total: (count: Int, seconds: Double) {
        sums.withLock { ($0.count, Double($0.nanoseconds) / 1e9) }
    }
}
