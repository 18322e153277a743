import Basics
import JSON
import Tracker

/// What blueprints must be: lists of tasks that run beside a workflow, so nothing in them enters a stage or bootenv.
struct BlueprintRules: ObjectRules {
    var looksAt: [TypeName] { ["params"] }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkName(.name, "Name", object.text("Name"))
        findings.checkParams(of: object, change)
        for (index, entry) in object.texts("Tasks").enumerated() {
            findings.checkBlueprintEntry(entry)
            guard case .task(let name) = TaskEntry(entry), change.object("tasks", name) == nil else { continue }
            findings.addDangling("Task \(name) (at \(index)) does not exist")
        }
        for (index, name) in object.texts("Profiles").enumerated() where change.object("profiles", name) == nil {
            findings.addDangling("Profile \(name) (at \(index)) does not exist")
        }
    }
}

extension Findings {
    /// Refuses an entry that has no place in what runs beside a workflow.
    mutating func checkBlueprintEntry(_ text: String) {
        switch TaskEntry(text) {
        case .stage, .bootEnv: addError("Invalid Task: \(text): what runs beside a workflow enters no stage or bootenv")
        case .task, .context, .chroot, .action, .unknown: checkEntry(text, isInStage: false)
        }
    }
}

/// What triggers must be, and who stands behind them: their runs have the rights of whoever wrote them last.
struct TriggerRules: ObjectRules {
    /// The longest filter in bytes.
    private static let longestFilter = 4096

    var looksAt: [TypeName] { ["params"] }

    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        guard change.action == .create || change.action == .update else { return }
        object["LastModifiedBy"] = .string(change.request.principal)
    }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkName(.name, "Name", object.text("Name"))
        findings.checkParams(of: object, change)
        let (provider, blueprint) = (object.text("TriggerProvider"), object.text("Blueprint"))
        if let kind = TriggerKind(of: object) {
            if let problem = kind.problem(with: object.members("Params")) { findings.addError(problem) }
        } else if change.object("trigger_providers", provider) == nil {
            findings.addDangling("TriggerProvider \(provider) does not exist")
        }
        if change.object("blueprints", blueprint) == nil {
            findings.addDangling("Blueprint \(blueprint) does not exist")
        }
        checkFilter(object.text("Filter"), change, &findings)
        let count = object.int("FilterCount")
        if !(0...TriggerRun.mostMachines ~= count) {
            findings.addError("FilterCount must be from 0 to \(TriggerRun.mostMachines), not \(count)")
        }
    }

    private func checkFilter(_ text: String, _ change: ChangeContext, _ findings: inout Findings) {
        guard text.utf8.count <= Self.longestFilter else {
            return findings.addError("Filter is longer than \(Self.longestFilter) bytes")
        }
        guard let machines = change.view.catalog["machines"], !text.isEmpty else { return }
        do throws(TrackerError) {
            _ = try TriggerRun.query(text, machines)
        } catch {
            findings.addError("Filter: \(error.messages.joined(separator: "; "))")
        }
    }
}

/// What work orders must be, and which way they go: clients make and cancel them, all else comes of the jobs (C §21).
struct WorkOrderRules: ObjectRules {
    var looksAt: [TypeName] { ["blueprints", "machines", "params"] }

    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        switch change.action {
        case .create: try fill(&object, change)
        case .update:
            let (old, new) = (change.previous?.text("State") ?? "", object.text("State"))
            if old != new, new != "cancelled" || !WorkOrderState.isOpen(old) {
                let message =
                    "Cannot change State from \(old) to \(new): a work order that waits or runs can be cancelled"
                throw TrackerError(.invalid, "work_orders", key: change.key, message)
            }
        default: break
        }
        // Of a machine's orders most are done: those that are not are found without them.
        let isOpen = WorkOrderState.isOpen(object.text("State"))
        object[WorkOrderState.indexedField] = isOpen ? object["Machine"] : ""
    }

    private func fill(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        object.setDefault("Uuid", change.environment.uuid())
        object["CreateTime"] = .string(change.environment.now().description)
        object["State"] = "created"
        guard let blueprint = change.object("blueprints", object.text("Blueprint")) else { return }
        if object.texts("Tasks").isEmpty {
            object["Tasks"] = JSONValue(try TaskExpansion.entries(ofStage: blueprint, in: change.view))
        }
        object.setDefault("Context", blueprint.text("Context"))
    }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkParams(of: object, change)
        guard change.action == .create else { return }
        let (machine, blueprint) = (object.text("Machine"), object.text("Blueprint"))
        if change.object("machines", machine) == nil { findings.addError("Machine \(machine) does not exist") }
        if !blueprint.isEmpty, change.object("blueprints", blueprint) == nil {
            findings.addError("Blueprint \(blueprint) does not exist")
        }
        if object.texts("Tasks").isEmpty { findings.addError("a work order has a Blueprint with tasks, or Tasks") }
        for entry in object.texts("Tasks") { findings.checkBlueprintEntry(entry) }
    }

    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        guard object.text("State") == "running" else { return }
        let message = "Work order \(change.key) is not in a deletable state: running. Cancel it first"
        throw TrackerError(.invalid, "work_orders", key: change.key, message)
    }
}

/// The states of work orders: created, running, and then finished, failed or cancelled.
enum WorkOrderState {
    /// The field with the machine of an order of which something is still to come.
    static let indexedField = "OpenOn"

    /// Whether something is still to come of an order of the state.
    static func isOpen(_ state: String) -> Bool { state == "created" || state == "running" }
}
