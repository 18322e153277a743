import Metrics

/// What a scheduler tells of its work: how late runs begin, how long they take, how many fail, and how many run.
struct SchedulerMetrics {
    private let lag = Metrics.Timer(label: "muster_schedule_lag")
    private let runs = Metrics.Timer(label: "muster_schedule_run")
    private let failures = Metrics.Timer(label: "muster_schedule_failed_run")
    private let running = Gauge(label: "muster_schedule_runs_now")

    /// An attempt begins.
    func begin(lag: Duration, running count: Int) {
        self.lag.recordNanoseconds(lag.nanoseconds)
        running.record(count)
    }

    /// An attempt has ended.
    func end(after duration: Duration, failed: Bool, running count: Int) {
        runs.recordNanoseconds(duration.nanoseconds)
        if failed { failures.recordNanoseconds(duration.nanoseconds) }
        running.record(count)
    }
}

extension Duration {
    /// The whole nanoseconds, as many as fit.
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return Int64(clamping: Int128(seconds) * 1_000_000_000 + Int128(attoseconds / 1_000_000_000))
    }
}
