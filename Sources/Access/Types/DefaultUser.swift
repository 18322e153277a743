import JSON
public import Tracker

/// The user that a new server starts with, who may do everything (C §11.1).
public enum DefaultUser {
    /// The name.
    public static let name = "rocketskates"
    /// The password, until it is changed, of a server that is given no other. Everybody can look it up.
    public static let password = "r0cketsk8ts"

    /// Creates the user; does nothing if there is one of that name.
    ///
    /// - Parameter hash: of ``password``, or of another; made by ``Authenticator/hash(password:)`` beforehand, since that is slow.
    public static func create(in draft: inout Draft, hash: ScryptHash) throws(TrackerError) {
        guard !draft.view.contains("users", name) else { return }
        try draft.createAsServer(
            "users", ["Name": .string(name), "Roles": ["superuser"], "PasswordHash": .string(hash.fieldText)])
    }
}
