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

    /// Refuses a device as its own ancestor, in the words of F §1.
    func refuseCircle(_ object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        guard layout.typeName == FleetTypes.devices, change.action == .update, !change.key.isEmpty else { return }
        let (name, parent) = (object.text("name"), object.number("parent_id"))
        guard parent != 0 else { return }
        if String(parent).utf8.elementsEqual(change.key.utf8) {
            throw TrackerError(
                .invalid, layout.typeName, key: change.key,
                "A device cannot be its own parent. The id for '\(name)' cannot be used as its parent_id.")
        }
        var ancestor = parent
        for _ in 0..<Draft.deepestLevel where ancestor != 0 {
            guard let device = change.view.object(FleetTypes.devices, String(ancestor)) else { return }
            ancestor = device.document.member("parent_id")?.value().intValue ?? 0
            guard String(ancestor).utf8.elementsEqual(change.key.utf8) else { continue }
            throw TrackerError(
                .invalid, layout.typeName, key: change.key,
                "A device cannot have a descendant as its parent. The parent_id for '\(name)' cannot be set to the id '\(parent)'."
            )
        }
    }
}
