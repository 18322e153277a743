import Basics
import JSON
import Tracker

/// The task lists that machines get from workflows and stages, prerequisites included (C §15.1).
///
/// A task's prerequisites stand right before it, unless they are in the list already and run in the same bootenv: a machine that
/// boots into another one has lost what they did.
struct TaskExpansion {
    /// How many entries a list may come to.
    static let budget = WorkBudget(
        10_000, "tasks of a machine's list and their prerequisites", remedy: "give the workflow fewer stages or tasks")

    private let view: Snapshot
    private var entries: [String] = []
    /// The tasks that stand in the list since the last change of the bootenv.
    private var present: Set<Identifier> = []
    private var meter = WorkMeter(budget)

    private init(_ view: Snapshot) { self.view = view }

    /// The list of a workflow: for each stage the entries that enter it and its bootenv, and its tasks. Stages that do not exist
    /// are left out.
    ///
    /// - Throws: `overBudget`.
    static func entries(of workflow: StoredObject, in view: Snapshot) throws(TrackerError) -> [String] {
        var expansion = TaskExpansion(view)
        for name in workflow.texts("Stages") {
            try expansion.add("stage:\(name)")
            guard let stage = view.object("stages", name) else { continue }
            let bootEnv = stage.text("BootEnv")
            if !bootEnv.isEmpty { try expansion.add("bootenv:\(bootEnv)") }
            for entry in stage.texts("Tasks") { try expansion.add(entry) }
        }
        return expansion.entries
    }

    /// The list of a stage that a machine is put into by itself.
    ///
    /// - Throws: `overBudget`.
    static func entries(ofStage stage: StoredObject, in view: Snapshot) throws(TrackerError) -> [String] {
        var expansion = TaskExpansion(view)
        for entry in stage.texts("Tasks") { try expansion.add(entry) }
        return expansion.entries
    }

    private mutating func add(_ entry: String) throws(TrackerError) {
        switch TaskEntry(entry) {
        case .task(let name):
            try addPrerequisites(of: name)
            present.insert(Identifier(name))
        case .bootEnv: present.removeAll()
        case .stage, .context, .chroot, .action, .unknown: break
        }
        try meter.spend(1)
        entries.append(entry)
    }

    /// Adds what a task requires, each task after its own prerequisites. Circles are refused where tasks are written; one that a
    /// pack brought is cut where it closes.
    private mutating func addPrerequisites(of task: String) throws(TrackerError) {
        var waiting = [(name: task, rest: prerequisites(of: task)[...])]
        var entered: Set<Identifier> = [Identifier(task)]
        while let (name, pending) = waiting.popLast() {
            var rest = pending
            if let next = rest.popFirst() {
                waiting.append((name, rest))
                guard !present.contains(Identifier(next)), entered.insert(Identifier(next)).inserted else { continue }
                try meter.spend(1)
                waiting.append((next, prerequisites(of: next)[...]))
            } else if !waiting.isEmpty {
                present.insert(Identifier(name))
                entries.append(name)
            }
        }
    }

    private func prerequisites(of task: String) -> [String] {
        view.object("tasks", task)?.texts("Prerequisites") ?? []
    }
}
