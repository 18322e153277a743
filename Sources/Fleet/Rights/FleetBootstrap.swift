import Basics
import JSON
public import Tracker

/// The first project and the first user of an inventory, who may do everything (F §2, Bootstrap).
public struct FleetBootstrap: Sendable {
    /// The project's id.
    public let project: String
    /// The user's name.
    public let username: String
    /// The user's key.
    public let apiKey: String

    /// What project and user are called.
    static let name = "bootstrap"

    /// The first project and user that are there; nil if one is missing, or the key cannot be opened.
    public init?(in snapshot: Snapshot) {
        for key in snapshot.keys(FleetTypes.projects, where: .field("name"), is: Self.name) {
            let identity = FleetLayout.users.identity(of: [
                "username": .string(Self.name), "project_id": .string(key.string),
            ])
            let users = snapshot.keys(FleetTypes.users, where: .field("identity"), is: identity)
            guard let user = users.first.flatMap({ snapshot[ObjectID(FleetTypes.users, $0)] }) else { continue }
            guard let apiKey = snapshot.apiKey(of: user) else { continue }
            (project, username, self.apiKey) = (key.string, Self.name, apiKey)
            return
        }
        return nil
    }

    /// Makes what is missing of project and user.
    ///
    /// - Throws: as `Draft.createAsServer`.
    public static func establish(in draft: inout Draft) throws(TrackerError) {
        guard FleetBootstrap(in: draft.view) == nil else { return }
        let known = draft.view.keys(FleetTypes.projects, where: .field("name"), is: name).first?.string
        let project: String
        if let known {
            project = known
        } else {
            project = try draft.createAsServer(FleetTypes.projects, ["name": .string(name)]).key.string
        }
        try draft.createAsServer(
            FleetTypes.users,
            [
                "username": .string(name), "project_id": .string(project), "is_admin": true, "is_root": true,
                "api_key": .string(Hexadecimal.encode(draft.environment.randomBytes(16))),
            ])
    }
}
