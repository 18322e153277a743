public import JSON

/// A kind of work that is done at certain times: a handler, how often and how long it may try, and the schedules that are there from
/// the start. Schedules made later ask for it by its name.
public struct ScheduledWork: Sendable {
    /// The name by which schedules ask for it: their `Kind`.
    public let name: String
    /// How long a run may take before it asks for more time. A run that does neither in time is cancelled and tried again.
    public let timeLimit: Duration
    /// How often one run is tried, at the most.
    public let attempts: Int
    /// The schedules that are there from the start.
    public let schedules: [ScheduleDeclaration]
    /// Does the work.
    public let handler: Handler

    /// Does the work of one run. It may be asked more than once for one run id, at times while an earlier attempt whose time
    /// is up has not ended yet, so doing the work twice must have the effect of doing it once.
    ///
    /// What it answers is kept with the schedule, as the last run's message; what it throws has the run tried again, but for
    /// ``PermanentFailure``.
    public typealias Handler = @Sendable (ScheduledRun) async throws -> String

    /// A kind of work.
    ///
    /// - Parameters:
    ///   - name: the name by which schedules ask for it.
    ///   - timeLimit: from a second on.
    ///   - attempts: from two on, since a run whose server goes down must be tried once more.
    ///   - schedules: those that are there from the start.
    ///   - handler: does the work.
    public init(
        _ name: String, timeLimit: Duration = .seconds(300), attempts: Int = 5, schedules: [ScheduleDeclaration] = [],
        handler: @escaping Handler
    ) {
        precondition(timeLimit >= .seconds(1) && attempts >= 2, "a run of \(name) needs time and a second attempt")
        self.name = name
        self.timeLimit = timeLimit
        self.attempts = attempts
        self.schedules = schedules
        self.handler = handler
    }
}

/// A schedule that is there from the start, as data.
public struct ScheduleDeclaration: Sendable {
    /// The schedule's name.
    public let name: String
    /// What its object says beside its name and the kind of work: `Cron`, `Every` or `At`, and whatever else.
    public let fields: JSONObject

    /// A schedule.
    ///
    /// - Parameters:
    ///   - name: unique among all schedules.
    ///   - fields: what its object says.
    public init(_ name: String, _ fields: JSONObject) {
        self.name = name
        self.fields = fields
    }
}
