import JSON
public import Tracker

/// The user that a new server starts with, who may do everything (C §11.1).
public struct FirstUser: Sendable {
    /// The name.
    public let name: String
    /// The password, until it is changed, of a server that is given no other. Everybody can look it up.
    public let password: String
    /// The role that the user has.
    public let role: String

    /// A user.
    public init(name: String, password: String, role: String) {
        (self.name, self.password, self.role) = (name, password, role)
    }

    /// Creates the user; does nothing if there is one of that name.
    ///
    /// - Parameter hash: of ``password``, or of another; made by ``Authenticator/hash(password:)`` beforehand, since that is slow.
    public func create(in draft: inout Draft, hash: ScryptHash) throws(TrackerError) {
        guard !draft.view.contains("users", name) else { return }
        try draft.createAsServer(
            "users", ["Name": .string(name), "Roles": [.string(role)], "PasswordHash": .string(hash.fieldText)])
    }

    /// Gives the user a password where no user has one, so that somebody can log in; does nothing if there is no such user.
    public func open(in draft: inout Draft, hash: ScryptHash) throws(TrackerError) {
        guard draft.view.contains("users", name) else { return }
        try draft.updateAsServer("users", at: name) { $0["PasswordHash"] = .string(hash.fieldText) }
    }
}
