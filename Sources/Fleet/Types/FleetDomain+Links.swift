import Basics
import JSON
public import Tracker

/// The types beside those of F: what labels stand for, and which machines hosts are.
extension Fleet {
    /// The variables of a label, which devices that have it are handed.
    static let label = ObjectType(
        FleetTypes.labels,
        ObjectSchema(
            "Label", [Field("project_id", .uuid), Field("label", .string), Field("variables", .map(.any))]),
        key: .composite(KeyRule.Part("project_id", .uuid), KeyRule.Part("label", .text)),
        lookups: variableIndexes,
        references: [Reference("project_id", to: FleetTypes.projects)], ownerField: "project_id",
        conventions: Conventions(), rules: LabelRules())

    /// The machine that a host is, by its UUID or hardware address.
    static let machine = ObjectType(
        FleetTypes.machines,
        ObjectSchema(
            "HostMachine", [Field("host_id", .integer), Field("machine", .string), Field("project_id", .uuid)]),
        key: .integer("host_id"), indexes: [IndexDeclaration("machine", .string)],
        references: [
            Reference("host_id", to: FleetTypes.devices), Reference("project_id", to: FleetTypes.projects),
        ], ownerField: "project_id", conventions: Conventions(), rules: MachineRules())
}

extension Snapshot {
    /// The address of the variables of a label in a project.
    public func labelID(_ label: String, project: String) -> ObjectID {
        let key = Fleet.label.key.key(of: ["project_id": .string(project), "label": .string(label)])
        return catalog.id(FleetTypes.labels, key)
    }
}

/// What is demanded of the variables of a label.
struct LabelRules: ObjectRules {
    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        VariableNames.check(object["variables"], &findings)
        if object.text("label").unicodeScalars.count > FleetField.longestText {
            findings.addRefusal("a label has more than \(FleetField.longestText) characters: shorten it")
        }
        if change.view.object(FleetTypes.projects, object.text("project_id")) == nil {
            findings.dangling("project_id '\(object.text("project_id"))' does not exist")
        }
    }
}

/// What is demanded of the machine of a host: a UUID or a hardware address that no other host of the project is.
struct MachineRules: ObjectRules {
    var looksAt: [TypeName] { [FleetTypes.devices] }

    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        let text = object.text("machine")
        guard let machine = UUIDText.canonical(text) ?? MACAddress(text)?.description else {
            throw TrackerError(
                .invalid, FleetTypes.machines, key: change.key,
                "machine '\(text)' is neither a UUID nor a hardware address")
        }
        object["machine"] = .string(machine)
        let holders = change.view.keys(FleetTypes.machines, where: .field("machine"), is: machine)
        for holder in holders where !holder.string.hasSameUTF8(as: change.key) {
            let id = ObjectID(FleetTypes.machines, holder)
            let owner = change.view[id]?.document.member("project_id")?.string ?? ""
            guard owner.hasSameUTF8(as: object.text("project_id")) else { continue }
            throw TrackerError(
                .alreadyExists, FleetTypes.machines, key: change.key,
                "The host \(holder) is the machine \(machine) already.")
        }
    }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        let host = change.view.object(FleetTypes.devices, String(object.number("host_id")))
        let owner = host?.document.member("project_id")?.string ?? ""
        guard host == nil || !owner.hasSameUTF8(as: object.text("project_id")) else { return }
        findings.dangling("host_id \(object.number("host_id")) does not exist")
    }
}
