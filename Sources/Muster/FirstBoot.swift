import Access
import Provisioning
import Tracker

/// What a server writes into an empty store, and what is missing from one of an earlier version.
struct FirstBoot {
    let tracker: DataTracker
    let domains: [Domain]
    let authenticator: Authenticator
    /// The first user's password; nil for the well-known one.
    let password: String?

    /// Creates what domains miss, and in a store without users the first one.
    func run() async throws {
        let domains = domains
        let hasUsers = tracker.snapshot["users"].map { $0.count > 0 } ?? false
        let hash = hasUsers ? nil : try await authenticator.hash(password: password ?? DefaultUser.password)
        _ = try await tracker.commit(.system("first boot")) { draft throws(TrackerError) in
            for prepare in domains.compactMap(\.prepare) { try prepare(&draft) }
            if let hash { try DefaultUser.account.create(in: &draft, hash: hash) }
        }
        await authenticator.lookForWellKnownPassword(in: tracker.snapshot)
    }
}
