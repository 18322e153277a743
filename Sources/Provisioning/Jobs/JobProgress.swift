import Basics
import JSON
import Tracker

/// A machine on its way through its task list, within one commit.
struct JobProgress {
    private let machine: StoredObject
    /// The job before the next one.
    private var latest: StoredObject?
    /// The UUID that the runner wants its job to have; empty for any.
    private let uuid: String
    /// The machine's members as they are to be.
    private var members: JSONObject
    /// The machine's members as they were.
    private let before: JSONObject

    init(_ machine: StoredObject, after latest: StoredObject?, uuid: String) {
        (self.machine, self.latest, self.uuid) = (machine, latest, uuid)
        members = machine.object
        before = members
    }

    /// Whether the machine has not come to the end of its list.
    var isPending: Bool { members.int("CurrentTask") < members["Tasks"]?.arrayValue?.count ?? 0 }

    /// Goes on until there is a job to do, or none.
    mutating func advance(in draft: inout Draft) throws(TrackerError) -> NextJob {
        var start = members.int("CurrentTask")
        var index = nextIndex(after: start)
        while true {
            let tasks = members.texts("Tasks")
            guard index < tasks.count else {
                guard let place = returnFromHandlers() else {
                    members["CurrentTask"] = JSONValue(tasks.count)
                    members["WorkflowComplete"] = true
                    return .none
                }
                (index, start) = (place, place)
                continue
            }
            if let done = try pass(tasks[index], at: index, cameFrom: start, in: &draft) { return done }
            index += 1
        }
    }

    /// Stores the machine as it is now.
    func finish(in draft: inout Draft) throws(TrackerError) {
        guard members != before else { return }
        try draft.updateAsServer("machines", at: machine.key.string) { object in object = members }
    }

    /// The entry after the one at `current`, if that is done; otherwise that one itself.
    private func nextIndex(after current: Int) -> Int {
        guard let latest, latest.text("State") == "finished",
            latest.document.member("CurrentIndex")?.value().intValue == current
        else { return max(0, current) }
        return current + 1
    }

    /// Goes back from a list of error handlers to the list that they were called from, and to the task that failed there.
    ///
    /// - Returns: its index; nil if no handlers were running.
    private mutating func returnFromHandlers() -> Int? {
        var stacks = members.objects("TaskErrorStacks")
        guard let stack = stacks.popLast() else { return nil }
        members["TaskErrorStacks"] = .array(stacks.map { .object($0) })
        members["Tasks"] = JSONValue(stack.texts("TaskList"))
        members["RetryTaskAttempt"] = 0
        return max(0, stack.int("CurrentTask"))
    }

    /// Does what an entry says, or has it done.
    ///
    /// - Returns: what the runner is told; nil to go on with the next entry.
    private mutating func pass(
        _ entry: String, at index: Int, cameFrom start: Int, in draft: inout Draft
    ) throws(TrackerError) -> NextJob? {
        switch TaskEntry(entry) {
        case .stage(let name): return try change("Stage", to: name, entry, index, in: &draft)
        case .context(let name): return try change("Context", to: name, entry, index, in: &draft)
        case .bootEnv(let name):
            guard !members.text("BootEnv").hasSameUTF8(as: name) else { return nil }
            return try changeBootEnv(to: name, entry, index, in: &draft)
        case .action(let plugin, let name):
            return .action(try make(entry, index, "running", in: &draft), plugin: plugin, name: name)
        case .task(let name) where index != start && stopsAt(name, in: draft.view):
            // The place is that of a task without a job, so that whoever goes on begins with it.
            members["CurrentTask"] = JSONValue(index)
            members["Runnable"] = false
            return NextJob.none
        case .task, .chroot, .unknown: return .created(try make(entry, index, "created", in: &draft))
        }
    }

    /// Whether the machine is to stop before a task.
    private func stopsAt(_ task: String, in view: Snapshot) -> Bool {
        let resolution = try? ParamResolution(of: machine, "machines", in: view)
        let names = resolution?.value(of: "task-stop-at")?.arrayValue ?? []
        return names.contains { $0.stringValue?.hasSameUTF8(as: task) ?? false }
    }
}

// MARK: Entries that change the machine

extension JobProgress {
    /// Enters a stage or a context, with a job if that changes something. In another context, another runner goes on.
    private mutating func change(
        _ field: String, to name: String, _ entry: String, _ index: Int, in draft: inout Draft
    ) throws(TrackerError) -> NextJob? {
        let old = members.text(field)
        guard !old.hasSameUTF8(as: name) else { return nil }
        members[field] = .string(name)
        try makeDone(entry, index, "changing from \(field.asciiLowercased) \(old) to \(name)", in: &draft)
        return field == "Context" ? NextJob.none : nil
    }

    private mutating func changeBootEnv(
        to name: String, _ entry: String, _ index: Int, in draft: inout Draft
    ) throws(TrackerError) -> NextJob {
        let old = members.text("BootEnv")
        var work = MachineWork(members, in: draft.view)
        work.enter(bootEnv: name)
        members = work.machine
        try makeDone(entry, index, "changing from bootenv \(old) to \(name)", in: &draft)
        return .none
    }

    private mutating func makeDone(
        _ entry: String, _ index: Int, _ what: String, in draft: inout Draft
    ) throws(TrackerError) {
        let key = try make(entry, index, "finished", in: &draft)
        try draft.appendLog("Machine <\(machine.key)> \(what)\n".utf8, of: key)
    }
}

// MARK: Jobs

extension JobProgress {
    /// Makes the job of an entry, which is then the machine's current one.
    private mutating func make(
        _ entry: String, _ index: Int, _ state: String, in draft: inout Draft
    ) throws(TrackerError) -> ByteString {
        let now = draft.environment.now().description
        var job: JSONObject = [
            "Machine": .string(machine.key.string), "Task": .string(entry), "State": .string(state),
            "Current": true, "CurrentIndex": JSONValue(index), "NextIndex": JSONValue(index + 1),
            "StartTime": .string(now), "Previous": .string(latest?.key.string ?? Self.noJob),
        ]
        for field in ["Stage", "BootEnv", "Workflow", "Context"] { job[field] = members[field] }
        if state == "finished" { (job["ExitState"], job["EndTime"]) = ("complete", .string(now)) }
        // The runner's UUID is for the job that it is given.
        if state != "finished" { job["Uuid"] = .string(uuid) }
        if case .task(let name) = TaskEntry(entry) { job["ExtraClaims"] = Self.extraClaims(of: name, in: draft.view) }
        if let latest, draft.view.contains("jobs", latest.key.string) {
            try draft.updateAsServer("jobs", at: latest.key.string) { $0["Current"] = false }
        }
        let made = try draft.createAsServer("jobs", job)
        try draft.appendLog("Log for Job: \(made.key)\n".utf8, of: made.key)
        latest = made
        (members["CurrentJob"], members["CurrentTask"]) = (.string(made.key.string), JSONValue(index))
        return made.key
    }

    /// What stands for the job before the first one.
    private static let noJob = "00000000-0000-0000-0000-000000000000"

    /// The rights that a task has beyond those of its machine: its own, and those of its roles.
    private static func extraClaims(of task: String, in view: Snapshot) -> JSONValue? {
        guard let task = view.object("tasks", task) else { return nil }
        let ofRoles = task.texts("ExtraRoles").flatMap { view.object("roles", $0)?.object.objects("Claims") ?? [] }
        // The rest of a task is long, and not asked for here.
        let own = task.document.member("ExtraClaims")?.value().arrayValue ?? []
        let claims = own.compactMap(\.objectValue) + ofRoles
        return claims.isEmpty ? nil : .array(claims.map { .object($0) })
    }
}
