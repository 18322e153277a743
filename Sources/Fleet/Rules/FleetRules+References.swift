import JSON
import Tracker

/// What objects may refer to: only what is there, and belongs to the same project (F §2).
extension FleetRules {
    func checkReferences(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        if layout.isOwned { checkProject(object, change, &findings) }
        for field in layout.fields {
            switch field.form {
            case .reference(let target): check(field.name, target, object, change, isNeeded: true, &findings)
            case .optionalReference(let target):
                check(field.name, target, object, change, isNeeded: false, &findings)
            default: continue
            }
        }
    }

    private func checkProject(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        let project = object.text("project_id")
        if change.view.object(FleetTypes.projects, project) == nil {
            findings.dangling("project_id '\(project)' does not exist")
        }
    }

    /// What belongs to another project is as good as not there.
    private func check(
        _ name: String, _ target: TypeName, _ object: JSONObject, _ change: ChangeContext, isNeeded: Bool,
        _ findings: inout Findings
    ) {
        let number = object.number(name)
        if number == 0, !isNeeded { return }
        let found = change.view.object(target, String(number))
        let owner = found?.document.member("project_id")?.string ?? ""
        guard found == nil || !owner.utf8.elementsEqual(object.text("project_id").utf8) else { return }
        findings.dangling("\(name) \(number) does not exist")
    }

    /// Refuses a parent that is not there, and a device as its own ancestor, in the words of F §1.
    func refuseParent(_ object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        guard layout.typeName == FleetTypes.devices, change.refusesDanglingNames else { return }
        let parent = object.number("parent_id")
        guard parent != 0, parent != change.previous?.number("parent_id") else { return }
        guard let found = change.view.object(FleetTypes.devices, String(parent)) else {
            throw refusal("parent_id \(parent) does not exist", change)
        }
        let name = object.text("name")
        if found.key.string.utf8.elementsEqual(change.key.utf8) {
            let text = "A device cannot be its own parent. The id for '\(name)' cannot be used as its parent_id."
            throw refusal(text, change)
        }
        let id = change.view.catalog.id(FleetTypes.devices, change.key)
        let above = change.view.ancestors(of: ObjectID(FleetTypes.devices, found.key)).map(\.key)
        guard above.contains(id.key) else { return }
        throw refusal(
            "A device cannot have a descendant as its parent. "
                + "The parent_id for '\(name)' cannot be set to the id '\(parent)'.", change)
    }

    private func refusal(_ text: String, _ change: ChangeContext) -> TrackerError {
        TrackerError(.invalid, layout.typeName, key: change.key, text)
    }
}
