import Basics
import JSON
import Tracker

/// Variables that hide others, though that changes nothing, or changes more than was meant.
struct OverrideInspection: FleetInspection {
    var typeNames: [TypeName] { [FleetTypes.regions, FleetTypes.cells, FleetTypes.devices] }
    var rules: [FleetFinding.Rule] { [.redundantOverride, .changedType] }

    func inspect(_ object: StoredObject, _ typeName: TypeName, in snapshot: Snapshot, _ report: (FleetFinding) -> Void)
    {
        guard let own = object.document.member("variables"), own.rawBytes.count > 2 else { return }
        let outer = snapshot.variableScopes(of: object, typeName).dropFirst()
        for (key, value) in own.members {
            guard let name = key.string else { continue }
            guard let (scope, hidden) = outer.lazy.compactMap({ scope in scope.value(name).map { (scope, $0) } }).first
            else { continue }
            if hidden == value {
                let text = "'\(name)' would be the same without it: \(scope.title) hands it on"
                report(finding(.redundantOverride, object, typeName, name, text))
            } else if hidden.kind != value.kind, !hidden.isNull, !value.isNull {
                let text = "'\(name)' is \(value.kind.phrase) and hides \(hidden.kind.phrase) of \(scope.title)"
                report(finding(.changedType, object, typeName, name, text))
            }
        }
    }

    private func finding(
        _ rule: FleetFinding.Rule, _ object: StoredObject, _ typeName: TypeName, _ name: String, _ text: String
    ) -> FleetFinding {
        FleetFinding(rule: rule, typeName: typeName, object: object, variable: name, text: text)
    }
}

/// Variables that labels hand on to nobody.
struct LabelInspection: FleetInspection {
    var typeNames: [TypeName] { [FleetTypes.labels] }
    var rules: [FleetFinding.Rule] { [.unusedLabel] }

    func inspect(_ object: StoredObject, _ typeName: TypeName, in snapshot: Snapshot, _ report: (FleetFinding) -> Void)
    {
        let label = object.document.member("label")?.string ?? ""
        let project = object.document.member("project_id")
        var (isUsed, left) = (false, FleetLint.mostOthers)
        snapshot.forEachRow(FleetTypes.devices, where: .field("labels"), spelled: label, after: nil) { device in
            isUsed = device.document.member("project_id") == project
            left -= 1
            return !isUsed && left > 0
        }
        // Where too many others have it, nobody knows.
        if isUsed || left == 0 { return }
        report(
            FleetFinding(
                rule: .unusedLabel, typeName: typeName, object: object, text: "no device has the label '\(label)'"))
    }
}

extension VariableScope {
    /// What messages call the place.
    var title: String {
        if typeName == FleetTypes.labels { return "the label '\(object.document.member("label")?.string ?? "")'" }
        let kind =
            typeName == FleetTypes.devices ? "device" : FleetKind.allCases.first { $0.typeName == typeName }?.rawValue
        return "the \(kind ?? "place") \(object.key.string)"
    }
}

extension JSONKind {
    fileprivate var phrase: String {
        switch self {
        case .null: "null"
        case .bool: "a flag"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
