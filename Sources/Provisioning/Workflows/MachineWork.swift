import Basics
import JSON
import Tracker

/// What a machine is to do, while it is being changed: its workflow, stage, bootenv, task list and its place in that (C §15.2).
struct MachineWork {
    /// The machine's members.
    private(set) var machine: JSONObject
    private let view: Snapshot

    /// What the machine of those members is to do, where names mean what they do in `view`.
    init(_ machine: JSONObject, in view: Snapshot) { (self.machine, self.view) = (machine, view) }

    /// The entries of its task list.
    var tasks: [String] { machine.texts("Tasks") }

    /// Takes up the workflow that the machine names, from its beginning: the stage and the bootenv that it begins with are
    /// entered at once. One that does not exist is left to the rules to refuse.
    ///
    /// - Throws: `overBudget` when the workflow comes to too many tasks.
    mutating func beginWorkflow() throws(TrackerError) {
        guard let workflow = view.object("workflows", machine.text("Workflow")) else { return }
        take(try TaskExpansion.entries(of: workflow, in: view))
        // No more than one of each: whoever asks for the next job comes by these entries again, and finds them done.
        for entry in tasks.prefix(2) {
            switch TaskEntry(entry) {
            case .stage(let name) where entry.hasSameUTF8(as: tasks[0]): machine["Stage"] = .string(name)
            case .bootEnv(let name): enter(bootEnv: name)
            default: return
            }
        }
    }

    /// Takes the machine out of its workflow: it has nothing to do, and is in no stage or in the one that it names.
    ///
    /// - Throws: `overBudget` when that stage comes to too many tasks.
    mutating func endWorkflow(keepingStage: Bool) throws(TrackerError) {
        take([])
        if keepingStage {
            try beginStage()
        } else {
            machine["Stage"] = .string(Self.idleStage)
        }
    }

    /// Takes up the tasks of the stage that the machine is put into by itself, and its bootenv if it has one.
    ///
    /// - Throws: `overBudget` when the stage comes to too many tasks.
    mutating func beginStage() throws(TrackerError) {
        guard let stage = view.object("stages", machine.text("Stage")) else { return }
        take(try TaskExpansion.entries(ofStage: stage, in: view))
        let bootEnv = stage.text("BootEnv")
        if !bootEnv.isEmpty { enter(bootEnv: bootEnv) }
    }

    /// Has the machine boot into another bootenv, and whatever runs on it wait until it did.
    mutating func enter(bootEnv name: String) {
        guard !machine.text("BootEnv").hasSameUTF8(as: name) else { return }
        machine["BootEnv"] = .string(name)
        noteNewBootEnv()
    }

    /// Draws the consequences of another bootenv: the machine must boot, and one that it is installed by says what it has then.
    mutating func noteNewBootEnv() {
        machine["Runnable"] = false
        let name = machine.text("BootEnv")
        guard name.hasByteSuffix("-install"), let bootEnv = view.object("bootenvs", name) else { return }
        machine["OS"] = .string(bootEnv.object.members("OS").text("Name"))
    }

    /// The stage of machines that are in none.
    static let idleStage = "none"

    /// Replaces the task list, and begins before its first entry; an empty one is complete.
    private mutating func take(_ tasks: [String]) {
        machine["Tasks"] = JSONValue(tasks)
        machine["CurrentTask"] = tasks.isEmpty ? 0 : -1
        machine["WorkflowComplete"] = .bool(tasks.isEmpty)
        machine["Context"] = .string(machine.members("Meta").text("BaseContext"))
        machine["RetryTaskAttempt"] = 0
        machine["TaskErrorStacks"] = []
    }
}
