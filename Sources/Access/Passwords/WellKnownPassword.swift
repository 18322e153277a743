import Basics
import JSON
import Synchronization
import Tracker

/// Knows which stored hashes are of the password that a new server has unless it is given another, and that everybody can look
/// up. To find out takes a hash of tens of milliseconds, so what was found is kept.
final class WellKnownPassword: Sendable {
    /// The newest last.
    private let fields = Mutex<[Identifier]>([])
    /// How many are kept; an older one is found again by the next login.
    private static let limit = 16

    /// Notes that `field`, as a user has it, holds a hash of it.
    func note(_ field: String) {
        fields.withLock { fields in
            guard !fields.contains(Identifier(field)) else { return }
            if fields.count == Self.limit { fields.removeFirst() }
            fields.append(Identifier(field))
        }
    }

    /// Whether `user` is known to have the password in `snapshot`.
    func isInUse(by user: String, in snapshot: Snapshot) -> Bool {
        guard let field = snapshot.passwordField(of: user) else { return false }
        return fields.withLock { $0.contains(Identifier(field)) }
    }
}

extension Snapshot {
    /// The stored hash of a user's password, as the object has it; nil if there is no such user, or it has none.
    func passwordField(of user: String) -> String? { object("users", user)?.document.member("PasswordHash")?.string }
}
