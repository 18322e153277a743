import Basics
import JSON
import Tracker

/// A place in a machine's task list, and what may be done to the list and the place by hand (C §15.2).
struct TaskPosition {
    /// The entries of the list.
    let tasks: [String]
    /// The index of the entry that ran last or runs; -1 before the first, the number of entries after the last.
    let current: Int

    /// The place of the machine of those members.
    init(_ machine: JSONObject) { (tasks, current) = (machine.texts("Tasks"), machine.int("CurrentTask")) }

    /// How many entries have run or run now.
    private var executed: Int { max(0, min(current, tasks.count - 1) + 1) }

    /// Whether entries wait to be run.
    var isPending: Bool { current < tasks.count && !tasks.isEmpty }

    /// Where the machine entered the bootenv that it is in: the entry for the stage that brought it, as far as the list tells.
    /// What ran before cannot be run again without booting.
    var bootEnvStart: Int {
        var (start, stage) = (0, 0)
        for (index, entry) in tasks.prefix(executed).enumerated() {
            switch TaskEntry(entry) {
            case .stage: stage = index
            case .bootEnv where index > 0: start = stage
            default: break
            }
        }
        return start
    }

    /// What keeps the list from being replaced by `other`; nil if nothing does. What ran stays as it is.
    func problem(withTasks other: [String]) -> String? {
        if other.count < executed { return "Cannot remove tasks that have already executed or are already executing" }
        let isSame = zip(tasks, other).prefix(executed).allSatisfy { $0.hasSameUTF8(as: $1) }
        return isSame ? nil : "Cannot change tasks that have already executed or are executing"
    }

    /// What keeps the machine from being put to another place of its list; nil if nothing does.
    func problem(withMoveTo place: Int) -> String? {
        if place > current {
            return "Cannot advance CurrentTask from \(current) to \(place) without running jobs"
        }
        let start = bootEnvStart
        if place < start { return "Cannot change CurrentTask from \(current) to \(place) past \(start)" }
        return nil
    }

    /// Where the machine is put by who wants it to begin again: before the list, or at the entry that brought the bootenv it is
    /// in.
    ///
    /// - Parameter isInWorkflow: without a workflow, the list begins with its first task.
    func beginning(isInWorkflow: Bool) -> Int {
        if tasks.isEmpty { return 0 }
        let start = bootEnvStart
        return isInWorkflow && start > 0 ? start : -1
    }
}
