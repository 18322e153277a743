import Basics
import JSON
public import Tracker

/// Looks through an inventory for what an operator would want to know.
public struct FleetLint: Sendable {
    private let snapshot: Snapshot
    private let rights: FleetRights
    private let rules: Set<FleetFinding.Rule>

    /// A look for `rules` at what the caller may see of a state.
    public init(_ rules: Set<FleetFinding.Rule>, _ rights: FleetRights, in snapshot: Snapshot) {
        (self.rules, self.rights, self.snapshot) = (rules, rights, snapshot)
    }

    /// What is found, type by type in the order of keys. Each object is looked at once; the look ends when its task is cancelled.
    ///
    /// - Parameter limit: how many findings are wanted.
    public func findings(limit: Int) -> [FleetFinding] {
        let wanted = Self.inspections.filter { !rules.isDisjoint(with: $0.rules) }
        var findings: [FleetFinding] = []
        for typeName in FleetTypes.all {
            let looks = wanted.filter { $0.typeNames.contains(typeName) }
            guard !looks.isEmpty else { continue }
            snapshot.forEachRow(typeName, after: nil) { object in
                guard findings.count < limit, !Task.isCancelled else { return false }
                guard rights.sees(object, typeName) else { return true }
                for look in looks {
                    look.inspect(object, typeName, in: snapshot) { finding in
                        if isWanted(finding), findings.count < limit { findings.append(finding) }
                    }
                }
                return true
            }
        }
        return findings
    }

    /// How many others are looked at for one object: those of other projects may be many.
    static let mostOthers = 1_000

    private static let inspections: [any FleetInspection] = [
        OverrideInspection(), LabelInspection(), PlaceInspection(), DeviceInspection(), DanglingInspection(),
    ]

    /// Whether a finding was asked for, and is about nothing that the caller may not read.
    private func isWanted(_ finding: FleetFinding) -> Bool {
        guard rules.contains(finding.rule) else { return false }
        guard let variable = finding.variable else { return true }
        let project = finding.object.document.member("project_id")?.string ?? finding.object.key.string
        return rights.variables(project: project, in: snapshot).mayRead(variable)
    }
}
