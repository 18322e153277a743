import JSON
public import Tracker

/// What the server does to users on its own account.
extension Draft {
    /// The name of the user that a new server starts with (C §11.1).
    public static let firstUser = "rocketskates"
    /// The password of the user that a new server starts with.
    public static let firstPassword = "r0cketsk8ts"

    /// Founds the user that a new server starts with, who may do everything; does nothing if there is one of that name.
    ///
    /// - Parameter passwordHash: of ``firstPassword``; made by ``Authenticator/hash(password:)`` beforehand, since that is slow.
    public mutating func foundFirstUser(passwordHash: ScryptHash) throws(TrackerError) {
        guard !view.contains("users", Self.firstUser) else { return }
        try found(
            "users",
            [
                "Name": .string(Self.firstUser), "Roles": ["superuser"],
                "PasswordHash": .string(passwordHash.fieldText),
            ])
    }

    /// Gives a user another password. The tokens made for and by the user so far are void.
    ///
    /// - Parameters:
    ///   - user: the name, or `Name:` and the name.
    ///   - hash: of the new password.
    /// - Throws: `notFound` or `readOnly`.
    @discardableResult
    public mutating func setPassword(of user: String, to hash: ScryptHash) throws(TrackerError) -> StoredObject {
        try revise("users", at: user) { $0["PasswordHash"] = .string(hash.fieldText) }
    }
}
