/// A machine that works through its task list, as plainly as the rules can be written: what the server is compared with.
struct WorkflowModel: Equatable {
    /// Tasks by stage, and the bootenv that a stage enters.
    static let stages: [String: (bootEnv: String, tasks: [String])] = [
        "none": ("", []), "sa": ("", ["t1", "t2"]), "sb": ("env1", ["t2", "t3"]), "sc": ("env2", ["t4"]),
        "sd": ("", ["t5"]),
    ]
    static let workflows: [String: [String]] = [
        "w1": ["sa", "sb"], "w2": ["sb", "sc", "sd"], "w3": ["none"], "w4": ["sd", "sa", "sb", "sc", "sb"],
    ]
    /// What each task needs to have run before.
    static let prerequisites: [String: [String]] = ["t3": ["t1"], "t4": ["t3"], "t5": ["t4", "t1"]]
    /// How often each task is tried again when it fails.
    static let retries = ["t1": 2, "t3": 1]

    var workflow = "", stage = "none", bootEnv = "local"
    var tasks: [String] = []
    var current = 0
    var isRunnable = true
    var isComplete = true
    var job: Job?
    /// How often the task at hand has failed and is tried again.
    var attempts = 0
    /// How many jobs were made.
    var jobs = 0

    struct Job: Equatable {
        var index: Int
        var entry: String
        var state: String
    }

    enum Answer: Equatable {
        case created(Int, String)
        case resumed(Int, String)
        case nothing
        case conflict
    }

    // MARK: Workflows

    private static func needs(_ task: String, _ present: Set<String>) -> [String] {
        var list: [String] = []
        for need in prerequisites[task] ?? [] where !present.contains(need) && !list.contains(need) {
            for deeper in needs(need, present.union(list)) where !list.contains(deeper) { list.append(deeper) }
            list.append(need)
        }
        return list
    }

    static func expanded(_ workflow: String) -> [String] {
        var (list, present) = ([String](), Set<String>())
        for name in workflows[workflow] ?? [] {
            list.append("stage:\(name)")
            guard let stage = stages[name] else { continue }
            if !stage.bootEnv.isEmpty {
                list.append("bootenv:\(stage.bootEnv)")
                present = []
            }
            for task in stage.tasks {
                let new = needs(task, present) + [task]
                list += new
                present.formUnion(new)
            }
        }
        return list
    }

    mutating func set(workflow name: String) {
        if name == workflow { return }
        workflow = name
        attempts = 0
        tasks = Self.expanded(name)
        (current, isComplete) = tasks.isEmpty ? (0, true) : (-1, false)
        guard let first = Self.workflows[name]?.first else {
            stage = "none"
            return
        }
        stage = first
        if let entered = Self.stages[first]?.bootEnv, !entered.isEmpty { enter(entered) }
    }

    private mutating func enter(_ name: String) {
        if name != bootEnv { (bootEnv, isRunnable) = (name, false) }
    }

    // MARK: Edits

    private var executed: Int { max(0, min(current, tasks.count - 1) + 1) }

    private var start: Int {
        let opening = tasks.indices.prefix(executed).last { $0 > 0 && tasks[$0].hasPrefix("bootenv:") } ?? 0
        return tasks.indices.prefix(opening + 1).last { tasks[$0].hasPrefix("stage:") && opening > 0 } ?? 0
    }

    /// - Returns: false if that is refused.
    mutating func edit(_ other: [String]) -> Bool {
        guard other.count >= executed, Array(other.prefix(executed)) == Array(tasks.prefix(executed)) else {
            return false
        }
        if other.isEmpty { current = 0 } else if tasks.isEmpty { current = -1 }
        tasks = other
        isComplete = current >= tasks.count
        return true
    }

    /// - Returns: false if that is refused.
    mutating func move(to place: Int) -> Bool {
        if place == current { return true }
        if place == -1 {
            current = tasks.isEmpty ? 0 : !workflow.isEmpty && start > 0 ? start : -1
        } else {
            guard place < current, place >= start else { return false }
            current = place
        }
        attempts = 0
        isComplete = current >= tasks.count
        return true
    }

    // MARK: Jobs

    mutating func order() -> Answer {
        if !isRunnable { return .conflict }
        if let job, job.state == "created" || job.state == "running" { return .conflict }
        if current >= tasks.count { return .nothing }
        if let job, job.state == "incomplete" { return .resumed(job.index, job.entry) }
        var index = max(0, current)
        if let job, job.state == "finished", job.index == current { index = current + 1 }
        while index < tasks.count {
            let entry = tasks[index]
            let name = String(entry.split(separator: ":").last ?? "")
            if entry.hasPrefix("stage:") {
                if stage != name {
                    stage = name
                    take(index, entry, "finished")
                }
            } else if entry.hasPrefix("bootenv:") {
                if bootEnv != name {
                    enter(name)
                    take(index, entry, "finished")
                    return .nothing
                }
            } else {
                take(index, entry, "created")
                return .created(index, entry)
            }
            index += 1
        }
        (current, isComplete) = (tasks.count, true)
        return .nothing
    }

    private mutating func take(_ index: Int, _ entry: String, _ state: String) {
        job = Job(index: index, entry: entry, state: state)
        jobs += 1
        current = index
    }

    /// - Returns: false if that is refused.
    mutating func end(_ state: String) -> Bool {
        guard let old = job?.state else { return false }
        guard old != "finished", old != "failed" else { return old == state }
        job?.state = state
        if state == "failed", attempts < Self.retries[job?.entry ?? ""] ?? 0 {
            (attempts, isRunnable) = (attempts + 1, false)
        } else if state == "finished" || state == "failed" {
            attempts = 0
        }
        return true
    }

    /// Lets the machine go on, or stops it: then its task is not tried again by itself.
    mutating func set(runnable: Bool) {
        if isRunnable, !runnable, job?.state == "failed" { attempts = 0 }
        isRunnable = runnable
    }
}
