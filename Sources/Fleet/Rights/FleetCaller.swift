public import Basics
import JSON
public import Tracker

/// Somebody who is known to the inventory, and what they may do there (F §2).
public struct FleetCaller: Sendable {
    /// How much somebody may do.
    public enum Level: Int, Sendable, Comparable {
        /// Everything in the inventory of the own project.
        case plain
        /// Also users, and the variables of projects.
        case admin
        /// Everything, in all projects.
        case root

        /// Whether `left` may do less.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// The name of the user.
    public let name: String
    /// The project that they work for.
    public let project: String
    /// How much they may do.
    public let level: Level

    /// The roles that they have, by which variables may be theirs to read and write.
    public let roles: Set<Identifier>

    /// A caller.
    public init(name: String, project: String, level: Level, roles: Set<Identifier> = []) {
        (self.name, self.project, self.level, self.roles) = (name, project, level, roles)
    }

    /// The caller that a user is.
    init(_ user: StoredObject) {
        let document = user.document
        let isRoot = document.member("is_root")?.bool ?? false
        let isAdmin = document.member("is_admin")?.bool ?? false
        let roles = document.member("roles")?.elements.compactMap(\.string) ?? []
        self.init(
            name: document.member("username")?.string ?? "", project: document.member("project_id")?.string ?? "",
            level: isRoot ? .root : isAdmin ? .admin : .plain,
            roles: Set((roles + (isAdmin ? ["admin"] : [])).map { Identifier($0) }))
    }

    /// Who it is, as events, commit records and logs name it.
    public var principal: String { "fleet:\(project)/\(name)" }
}

extension Snapshot {
    /// The user of a name in a project who shows `apiKey`; nil if there is none, or it is not the key.
    ///
    /// Keys are compared by their digests, and in a time that does not depend on where they differ.
    public func fleetCaller(_ name: String, project: String, apiKey: String) -> FleetCaller? {
        let identity = FleetLayout.users.identity(of: ["username": .string(name), "project_id": .string(project)])
        let found = keys(FleetTypes.users, where: .field("identity"), is: identity).first
        let user = found.flatMap { self[ObjectID(FleetTypes.users, $0)] }
        let known = user?.document.member("key_digest")?.string ?? ""
        let isSame = APIKey.digest(apiKey).hasSameBytesInConstantTime(as: known)
        return isSame ? user.map { FleetCaller($0) } : nil
    }
}

extension String {
    /// Whether both have the same bytes, found out in a time that depends on the lengths alone.
    fileprivate func hasSameBytesInConstantTime(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return zip(utf8, other.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
