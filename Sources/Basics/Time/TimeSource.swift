/// Where time comes from: the calendar's time, a steady reading to measure intervals by, and sleeping.
///
/// The process has ``SystemClock``. Everything that waits takes a time source, so that tests move time by hand.
public protocol TimeSource: Sendable {
    /// The present time of the calendar. It may be set, and then jumps.
    func now() -> Timestamp

    /// A steady reading, which never runs back. Only the duration between two readings means something.
    func instant() -> ContinuousClock.Instant

    /// Suspends the task until the steady reading reaches `deadline`; not at all if it has.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError)
}

extension TimeSource {
    /// Suspends the task for `duration`; not at all if that is zero or less.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(for duration: Duration) async throws(CancellationError) {
        try await sleep(until: instant() + duration)
    }
}
