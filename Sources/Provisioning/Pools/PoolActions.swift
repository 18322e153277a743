import Basics
import JSON
import Tracker

/// What is done to a machine at the beginning of a transition (C §5.3).
struct PoolActions: Sendable {
    /// The workflow that it goes through; empty for none, and then the transition is over at once.
    var workflow = ""
    var addedProfiles: [String] = []
    var removedProfiles: [String] = []
    var addedParams: JSONObject = [:]
    var removedParams: [String] = []

    /// Nothing.
    init() {}

    /// What a record of the type `PoolTransitionActions` says.
    init(_ record: JSONObject) {
        workflow = record.text("Workflow")
        (addedProfiles, removedProfiles) = (record.texts("AddProfiles"), record.texts("RemoveProfiles"))
        (addedParams, removedParams) = (record.members("AddParameters"), record.texts("RemoveParameters"))
    }

    /// What a pool says; nothing where there is no object for it.
    init(_ transition: PoolTransition, of pool: String, in view: Snapshot) {
        self.init(view.object("pools", pool)?.object.members(transition.field) ?? [:])
    }

    /// The record that `init(_:)` reads.
    var record: JSONObject {
        [
            "Workflow": .string(workflow), "AddProfiles": JSONValue(addedProfiles),
            "RemoveProfiles": JSONValue(removedProfiles), "AddParameters": .object(addedParams),
            "RemoveParameters": JSONValue(removedParams),
        ]
    }

    /// The same with what a request says in place of what the pool says.
    func overlaid(by request: Overlay) -> PoolActions {
        var actions = self
        actions.workflow = request.workflow ?? workflow
        actions.addedProfiles = request.addedProfiles ?? addedProfiles
        actions.removedProfiles = request.removedProfiles ?? removedProfiles
        actions.addedParams = request.addedParams ?? addedParams
        actions.removedParams = request.removedParams ?? removedParams
        return actions
    }

    /// What a request says; nil where it leaves it to the pool.
    struct Overlay: Sendable {
        var workflow: String?
        var addedProfiles: [String]?
        var removedProfiles: [String]?
        var addedParams: JSONObject?
        var removedParams: [String]?
    }

    /// Sets the fields of a machine that the actions name, and nothing that follows from them. What is both removed and added is
    /// there afterwards.
    func set(on machine: inout JSONObject) {
        let removed = Set(removedProfiles.map { Identifier($0) })
        var profiles = machine.texts("Profiles").filter { !removed.contains(Identifier($0)) }
        var present = Set(profiles.map { Identifier($0) })
        for name in addedProfiles where present.insert(Identifier(name)).inserted { profiles.append(name) }
        machine["Profiles"] = JSONValue(profiles)
        var params = machine.members("Params")
        for name in removedParams { params[name] = nil }
        params.merge(addedParams) { $1 }
        machine["Params"] = .object(params)
        if !workflow.isEmpty { machine["Workflow"] = .string(workflow) }
    }
}
