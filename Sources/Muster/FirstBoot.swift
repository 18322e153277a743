import Access
import Provisioning
import Tracker

/// What a server writes into an empty store, and what is missing from one of an earlier version.
struct FirstBoot {
    let tracker: DataTracker
    let authenticator: Authenticator
    /// The first user's password; nil for the well-known one.
    let password: String?

    /// Creates the global profile and the preferences where they are missing, and in a store without users the first one.
    func run() async throws {
        let hasUsers = tracker.snapshot["users"].map { $0.count > 0 } ?? false
        let hash = hasUsers ? nil : try await authenticator.hash(password: password ?? DefaultUser.password)
        _ = try await tracker.commit(.system("first boot")) { draft throws(TrackerError) in
            try BuiltIn.firstBoot(in: &draft)
            if let hash { try DefaultUser.create(in: &draft, hash: hash) }
        }
        await authenticator.lookForWellKnownPassword(in: tracker.snapshot)
    }
}
