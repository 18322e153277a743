public import Tracker

/// What a runner asks for: the next job of a machine (C §15.3).
public struct JobOrder: Sendable {
    /// The machine, as a URL names it.
    public let machine: String
    /// Where the runner runs; empty for on the machine itself.
    public let context: String
    /// The UUID that a new job is to have; empty for one of the server's.
    public let uuid: String

    /// An order.
    public init(machine: String, context: String = "", uuid: String = "") {
        (self.machine, self.context, self.uuid) = (machine, context, uuid)
    }
}

/// What a runner is given when it asks for the next job of a machine (C §15.3).
public enum NextJob: Sendable {
    /// A new job.
    case created(ByteString)
    /// The job that it has begun and not ended.
    case resumed(ByteString)
    /// A job that the server does itself: the action of that name, by the plug-in of that name or by any that offers it.
    case action(ByteString, plugin: String?, name: String)
    /// None: all is done, or the machine has to boot first, or another context is to go on.
    case none
}

/// The states of jobs, as far as they tell whether anything is still to come (C §15.4).
enum JobState {
    /// Whether a job of the state is over, well or badly.
    static func isDone(_ state: String) -> Bool { state == "finished" || state == "failed" }

    /// Whether somebody works on a job of the state, or is about to.
    static func isActive(_ state: String) -> Bool { state == "created" || state == "running" }
}
