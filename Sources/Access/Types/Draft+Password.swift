import JSON
public import Tracker

extension Draft {
    /// Gives a user another password. The tokens made for and by the user so far are void.
    ///
    /// - Parameters:
    ///   - user: the name, or `Name:` and the name.
    ///   - hash: of the new password.
    /// - Throws: `notFound` or `readOnly`.
    @discardableResult
    public mutating func setPassword(of user: String, to hash: ScryptHash) throws(TrackerError) -> StoredObject {
        try update("users", at: user, as: .part(JSONPointer(tokens: ["PasswordHash"]))) {
            $0["PasswordHash"] = .string(hash.fieldText)
        }
    }
}
