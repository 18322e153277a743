import Basics
import JSON
public import Tracker

/// Says what a caller may see and do: the one function for reads and writes alike (F §2).
///
/// Objects of other projects are as good as not there, but for those whom F §2 lets see them: root sees everything, and
/// admins see users and projects.
public struct FleetRights: Sendable {
    /// Who asks.
    public let caller: FleetCaller

    /// The rights of `caller`.
    public init(_ caller: FleetCaller) { self.caller = caller }

    /// The text of a refusal for want of a level.
    public static let adminText = "This action requires the 'admin' role"

    /// Whether the caller may know of an object.
    public func sees(_ object: StoredObject, _ typeName: TypeName) -> Bool {
        sees(project: object.document.member("project_id")?.string ?? object.key.string, typeName)
    }

    /// Whether the caller may know of an object of a type that belongs to a project, or is it.
    public func sees(project: String, _ typeName: TypeName) -> Bool {
        switch (caller.level, typeName) {
        case (.root, _): true
        case (.admin, FleetTypes.users), (.admin, FleetTypes.projects): true
        case (.plain, FleetTypes.users): false
        default: project.hasSameUTF8(as: caller.project)
        }
    }

    /// The project that lists of a type are confined to; nil for none.
    public func confinement(_ typeName: TypeName) -> String? {
        caller.level == .root || typeName == FleetTypes.projects ? nil : caller.project
    }

    /// The level that a write takes.
    private func level(_ typeName: TypeName, _ intent: WriteIntent) -> FleetCaller.Level {
        switch (typeName, intent) {
        case (FleetTypes.projects, .create), (FleetTypes.projects, .remove): .root
        case (FleetTypes.projects, _), (FleetTypes.users, _), (FleetTypes.variableRights, _),
            (FleetTypes.secrets, _):
            .admin
        default: .plain
        }
    }
}

extension FleetRights: WriteAuthorization {
    /// Refuses what belongs to another project as what is not there, and what takes a higher level.
    public func admit(
        _ intent: WriteIntent, _ type: ObjectType, at path: String, in view: Snapshot
    ) throws(TrackerError) {
        try demand(level(type.typeName, intent), type, path)
        guard let object = view.object(type.typeName, path) else { return }
        guard sees(object, type.typeName) else { throw .notFound(type.typeName, path) }
    }

    /// Refuses what takes a higher level, and objects for another project.
    public func authorize(_ write: ClientWrite, in view: Snapshot) throws(TrackerError) {
        let typeName = write.type.typeName
        try demand(level(typeName, write.intent), write.type, write.path)
        if let before = write.before, !sees(before, typeName) { throw .notFound(typeName, write.path) }
        try authorizeVariables(write, in: view)
        guard let after = write.after, typeName != FleetTypes.projects else { return }
        if typeName == FleetTypes.users {
            guard after["is_root"]?.boolValue != true || caller.level == .root else {
                throw TrackerError(.denied, typeName, key: write.path, Self.adminText)
            }
        } else if caller.level != .root, !after.text("project_id").hasSameUTF8(as: caller.project) {
            throw TrackerError(.denied, typeName, key: write.path, Self.adminText)
        }
    }

    /// Refuses packs: they are no matter of inventories.
    public func authorize(_ write: PackWrite, in view: Snapshot) throws(TrackerError) {
        throw TrackerError(.denied, "", key: write.name, Self.adminText)
    }

    /// Whether the caller may know of an object.
    public func sees(_ id: ObjectID, in view: Snapshot) -> Bool {
        view[id].map { sees($0, id.typeName) } ?? true
    }

    private func demand(
        _ level: FleetCaller.Level, _ type: ObjectType, _ path: String
    ) throws(TrackerError) {
        guard caller.level >= level else {
            throw TrackerError(.denied, type.typeName, key: path, Self.adminText)
        }
    }
}
