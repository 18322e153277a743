import Access
import JSON
import Provisioning
import Tracker

/// What a server writes into an empty store, and what is missing from one of an earlier version.
struct FirstBoot {
    let tracker: DataTracker
    let domains: [Domain]
    let authenticator: Authenticator
    /// The first user's password; nil for the well-known one.
    let password: String?
    /// Whether objects came from files at this start, which have no passwords.
    let hasAdopted: Bool

    /// Creates what domains miss, and in a store without users the first one.
    func run() async throws {
        let domains = domains
        let hasUsers = tracker.snapshot["users"].map { $0.count > 0 } ?? false
        let isLocked = hasAdopted && !hasPassword
        let hash =
            hasUsers && !isLocked ? nil : try await authenticator.hash(password: password ?? DefaultUser.password)
        _ = try await tracker.commit(.system("first boot")) { draft throws(TrackerError) in
            for prepare in domains.compactMap(\.prepare) { try prepare(&draft) }
            guard let hash else { return }
            try DefaultUser.account.create(in: &draft, hash: hash)
            if isLocked { try DefaultUser.account.open(in: &draft, hash: hash) }
        }
        await authenticator.lookForWellKnownPassword(in: tracker.snapshot)
    }

    /// Whether any user can log in by a password.
    private var hasPassword: Bool {
        var found = false
        tracker.snapshot["users"]?.forEachObject { user in
            found = !(user.document.member("PasswordHash")?.string ?? "").isEmpty
            return !found
        }
        return found
    }
}
