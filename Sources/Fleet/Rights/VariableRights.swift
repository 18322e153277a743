import Basics
public import JSON
public import Tracker

/// Which variables of a project's objects a caller may read and write: as roles have rights to prefixes of names.
///
/// Variables whose names begin with no listed prefix are open to all who may read or write the object. Of several prefixes the
/// longest counts. Root may do everything.
public struct VariableRights: Sendable {
    private struct Right: Sendable {
        let prefix: String
        let isHeld: Bool
        let isForWriting: Bool
    }

    private let rights: [Right]

    /// The rights of a caller in a project.
    public init(_ caller: FleetCaller, project: String, in snapshot: Snapshot) {
        guard caller.level != .root, let table = snapshot[FleetTypes.variableRights], table.count > 0 else {
            rights = []
            return
        }
        rights = snapshot.keys(FleetTypes.variableRights, where: .field("project_id"), is: project).compactMap { key in
            guard let right = snapshot[ObjectID(FleetTypes.variableRights, key)]?.object else { return nil }
            return Right(
                prefix: right.text("prefix"), isHeld: caller.roles.contains(Identifier(right.text("role"))),
                isForWriting: right.text("access").hasSameUTF8(as: "write"))
        }
    }

    /// Whether all variables are the caller's to read and write.
    public var areOpen: Bool { rights.isEmpty }

    /// Whether the caller may read a variable.
    public func mayRead(_ name: String) -> Bool { isAllowed(name) { $0.isHeld } }

    /// Whether the caller may write a variable.
    public func mayWrite(_ name: String) -> Bool { isAllowed(name) { $0.isHeld && $0.isForWriting } }

    /// Those of some variables that the caller may read.
    public func readable(_ variables: JSONObject) -> JSONObject {
        areOpen ? variables : variables.filter { name, _ in mayRead(name) }
    }

    private func isAllowed(_ name: String, _ allows: (Right) -> Bool) -> Bool {
        let meant = rights.filter { name.hasBytePrefix($0.prefix) }
        guard let longest = meant.map(\.prefix.utf8.count).max() else { return true }
        return meant.contains { $0.prefix.utf8.count == longest && allows($0) }
    }
}

extension FleetRights {
    /// The caller's rights to the variables of an object that belongs to a project.
    public func variables(project: String, in snapshot: Snapshot) -> VariableRights {
        VariableRights(caller, project: project, in: snapshot)
    }

    /// Refuses a write that changes a variable which is not the caller's to write.
    func authorizeVariables(_ write: ClientWrite, in view: Snapshot) throws(TrackerError) {
        let before = write.previous?["variables"]?.objectValue ?? [:]
        let after = write.after?["variables"]?.objectValue ?? [:]
        guard write.after != nil, before != after else { return }
        let owner = (write.after ?? [:]).text("project_id")
        let rights = variables(project: owner.isEmpty ? (write.after ?? [:]).text("id") : owner, in: view)
        for name in before.keys + after.keys where before[name] != after[name] && !rights.mayWrite(name) {
            throw TrackerError(
                .denied, write.type.typeName, key: write.path, "The variable '\(name)' is not yours to write")
        }
    }
}
