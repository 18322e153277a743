public import Basics

/// The identity of a run: the schedule and the due time. Whatever is tried again has the same one, so a handler can tell what it has
/// done already.
public struct RunID: Sendable, CustomStringConvertible {
    /// The schedule's name.
    public let schedule: String
    /// The time that the run is for; a whole second.
    public let due: Timestamp

    /// `name@2026-11-29T03:00:00Z`.
    public var description: String { "\(schedule)@\(due)" }

    /// The run of a schedule for a due time.
    public init(schedule: String, due: Timestamp) {
        self.schedule = schedule
        self.due = due
    }
}
