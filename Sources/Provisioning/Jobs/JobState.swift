/// The states of jobs, as far as they tell whether anything is still to come (C §15.4).
enum JobState {
    /// Whether a job of the state is over, well or badly.
    static func isDone(_ state: String) -> Bool { state == "finished" || state == "failed" }

    /// Whether somebody works on a job of the state, or is about to.
    static func isActive(_ state: String) -> Bool { state == "created" || state == "running" }
}
