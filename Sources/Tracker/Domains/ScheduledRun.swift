public import JSON
public import Logging

/// One attempt of a run, as its handler sees it.
public struct ScheduledRun: Sendable {
    /// What the run is known by, whichever attempt this is.
    public let id: RunID
    /// The number of this attempt, from one on.
    public let attempt: Int
    /// What the schedule gives its handler.
    public let payload: JSONValue
    /// Where the schedule is.
    public let tracker: DataTracker
    /// Names the schedule and the run in each line.
    public let logger: Logger
    private let renewal: @Sendable () async throws -> Void

    /// An attempt.
    ///
    /// - Parameter renewal: gives it the whole time limit anew.
    public init(
        id: RunID, attempt: Int, payload: JSONValue, tracker: DataTracker, logger: Logger,
        renewal: @escaping @Sendable () async throws -> Void
    ) {
        self.id = id
        self.attempt = attempt
        self.payload = payload
        self.tracker = tracker
        self.logger = logger
        self.renewal = renewal
    }

    /// Asks for the whole time limit anew, for work that takes long.
    ///
    /// - Throws: `CancellationError` when the time was up before: the run is tried again, and this attempt must stop;
    ///   `TrackerError` when the store cannot take it.
    public func renew() async throws { try await renewal() }
}

/// Why a run failed that there is no point in trying again.
public struct PermanentFailure: Error, Sendable, CustomStringConvertible {
    /// What happened, for the schedule's last run.
    public let description: String

    /// A failure.
    public init(_ description: String) { self.description = description }
}
