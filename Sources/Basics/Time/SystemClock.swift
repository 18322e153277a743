/// The time of the operating system.
public struct SystemClock: TimeSource {
    /// The clock, of which all copies are the same.
    public init() {}

    /// The time that the system is set to.
    public func now() -> Timestamp { Timestamp.now }

    /// The system's monotonic clock, which goes on while the machine is suspended.
    public func instant() -> ContinuousClock.Instant { ContinuousClock.now }

    /// Suspends the task until the monotonic clock reaches `deadline`.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError) {
        do { try await ContinuousClock().sleep(until: deadline) } catch { throw CancellationError() }
    }
}
