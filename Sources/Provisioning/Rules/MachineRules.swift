import Basics
import JSON
import Tracker

/// What machines must be, and what the server adds to new ones (C §4.4, §5.1).
struct MachineRules: ObjectRules {
    var looksAt: [TypeName] { ["params", "preferences", "jobs"] }

    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        switch change.action {
        case .create: try fill(&object, change)
        case .adopt: object.setDefault("Secret", change.environment.secret())
        case .update:
            if let previous = change.previous {
                if previous.flag("Locked") && object.flag("Locked") { throw Self.locked(change) }
                Self.keepPool(&object, previous)
                try MachineCoupling(previous, change).couple(&object)
            }
        default: break
        }
        // Whoever puts back what an event told does not end the machine's tokens.
        if let secret = change.previous?.text("Secret") { object.setDefault("Secret", secret) }
    }

    /// Whoever does not know of pools leaves a machine where it is.
    private static func keepPool(_ object: inout JSONObject, _ previous: JSONObject) {
        guard object.text("Pool").isEmpty, object.text("PoolStatus").isEmpty else { return }
        for field in ["Pool", "PoolStatus", "PoolAllocated"] { object[field] = previous[field] }
    }

    private func fill(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        object.setDefault("Uuid", change.environment.uuid())
        object.setDefault("Secret", change.environment.secret())
        object.setDefault("BootEnv", Preferences.value(.defaultBootEnv, in: change.view))
        object.setDefault("Stage", Preferences.value(.defaultStage, in: change.view))
        object.setDefault("Workflow", Preferences.value(.defaultWorkflow, in: change.view))
        object.setDefault("Pool", PoolName.root)
        object.setDefault("PoolStatus", PoolStatus.free.rawValue)
        try MachineCoupling.begin(&object, change)
        object.addFeatureFlag("change-stage-v2")
    }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        checkForm(object, change, &findings)
        // Names that lead nowhere are not worth a word while the machine itself is wrong.
        guard findings.invalid.isEmpty else { return }
        checkStage(object.text("Stage"), change, &findings)
        checkBootEnv(object.text("BootEnv"), change, &findings)
        checkWorkflow(object.text("Workflow"), change, &findings)
        for (index, name) in object.texts("Profiles").enumerated() where change.object("profiles", name) == nil {
            let message = "Profile \(name) (at \(index)) does not exist"
            findings.dangling(name, in: "Profiles", message, change, onObject: true)
        }
        for (index, entry) in object.texts("Tasks").enumerated() {
            guard case .task(let name) = TaskEntry(entry), change.object("tasks", name) == nil else { continue }
            let message = "Task \(name) (at \(index)) does not exist"
            findings.dangling(name, in: "Tasks", message, change, onObject: true)
        }
    }

    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        if object.flag("Locked") { throw Self.locked(change) }
    }

    private static func locked(_ change: ChangeContext) -> TrackerError {
        TrackerError(.locked, change.type.typeName, key: change.key, "Locked")
    }

    /// Why a machine cannot boot into the bootenv `name`.
    static func onlyUnknown(_ name: String) -> String {
        "BootEnv \(name) does not allow Machine assignments, it has the OnlyUnknown flag."
    }
}

// MARK: The machine itself

extension MachineRules {
    private func checkForm(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        let architecture = object.text("Arch")
        if let canonical = Architecture.canonical(architecture) {
            if !canonical.hasSameUTF8(as: architecture) {
                findings.addError("Please use \(canonical) for Arch instead of \(architecture)")
            }
        } else {
            findings.addError("Unsupported arch \(architecture)")
        }
        findings.checkName(.machine, "Name", object.text("Name"))
        findings.checkName(.name, "Stage", object.text("Stage"))
        findings.checkName(.name, "BootEnv", object.text("BootEnv"))
        let workflow = object.text("Workflow")
        if !workflow.isEmpty { findings.checkName(.name, "Workflow", workflow) }
        checkProfiles(object.texts("Profiles"), &findings)
        for entry in object.texts("Tasks") { findings.checkEntry(entry, isInStage: false) }
        checkPool(object, change, &findings)
        for address in object.texts("HardwareAddrs") where MACAddress(address) == nil {
            findings.addError("Invalid Hardware Address `\(address)`: address \(address): invalid MAC address")
        }
        findings.checkParams(of: object, change)
    }

    private func checkPool(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        // Machines of old stores and packs may have none, or one of other times.
        if let problem = PoolName.problem(object.text("Pool")), !change.had(object.text("Pool"), in: "Pool") {
            findings.addError(problem)
        }
        let status = object.text("PoolStatus")
        if PoolStatus(named: status) == nil, !change.had(status, in: "PoolStatus") {
            findings.addError("Invalid PoolStatus `\(status)`, use one of \(PoolStatus.list)")
        }
    }

    private func checkProfiles(_ names: [String], _ findings: inout Findings) {
        var positions: [Identifier: Int] = [:]
        for (index, name) in names.enumerated() {
            findings.checkName(.name, "Profile", name)
            if let first = positions.updateValue(index, forKey: Identifier(name)) {
                findings.addError("Duplicate profile \(name): at \(first) and \(index)")
            }
        }
    }
}

// MARK: What it refers to

extension MachineRules {
    private func checkStage(_ name: String, _ change: ChangeContext, _ findings: inout Findings) {
        guard let stage = change.object("stages", name) else {
            return findings.dangling(name, in: "Stage", "Stage \(name) does not exist", change)
        }
        if !stage.isAvailable {
            findings.addMissing("Machine \(change.key) wants Stage \(name), which is not available")
        }
    }

    private func checkBootEnv(_ name: String, _ change: ChangeContext, _ findings: inout Findings) {
        guard let bootEnv = change.object("bootenvs", name) else {
            return findings.dangling(name, in: "BootEnv", "Bootenv \(name) does not exist", change)
        }
        if bootEnv.flag("OnlyUnknown") {
            findings.dangling(name, in: "BootEnv", Self.onlyUnknown(name), change, isMissing: false)
        } else if !bootEnv.isAvailable {
            findings.dangling(name, in: "BootEnv", "BootEnv \(name) is not available", change, isMissing: false)
        }
    }

    private func checkWorkflow(_ name: String, _ change: ChangeContext, _ findings: inout Findings) {
        if name.isEmpty { return }
        guard let workflow = change.object("workflows", name) else {
            return findings.dangling(name, in: "Workflow", "Workflow \(name) does not exist", change)
        }
        if !workflow.isAvailable {
            let message = "Machine \(change.key) wants Workflow \(name), which is not available"
            findings.dangling(name, in: "Workflow", message, change, isMissing: false)
        }
    }
}
