import Basics
import JSON
import Logging
import Tracker

/// Ends leases whose time is over, so that watchers hear of it (C §17.2). Whether an address may be given again does not hang on
/// that: it is told by the lease's time.
enum LeaseExpiry {
    /// How often it is looked for leases to end.
    private static let interval = Duration.seconds(15)
    /// How many leases end in one commit.
    private static let portion = 500

    /// The service that ends them. When each is due stands in the lease itself, so nothing is written while none is.
    static let service = DomainService("lease-expiry") { tracker, logger in
        // The sleep ends early when the server stops.
        while (try? await tracker.environment.sleep(for: interval)) != nil {
            do throws(TrackerError) {
                while try await endSome(tracker) == portion {}
            } catch {
                logger.error("leases cannot be ended", metadata: ["cause": "\(error)"])
            }
        }
    }

    /// - Returns: how many have ended.
    private static func endSome(_ tracker: DataTracker) async throws(TrackerError) -> Int {
        let now = tracker.environment.now()
        let due = overdue(in: tracker.snapshot, at: now).prefix(portion)
        guard !due.isEmpty else { return 0 }
        let request = TrackerRequest.system("leases end").writing(WriteScope(["leases"], count: due.count))
        _ = try await tracker.commit(request) { draft throws(TrackerError) in
            for key in due {
                // It may have been renewed meanwhile.
                guard let lease = draft.view[ObjectID("leases", key)], isOver(lease, at: now) else { continue }
                try draft.updateAsServer("leases", at: key.string) { $0["State"] = "EXPIRED" }
            }
        }
        return due.count
    }

    private static func overdue(in view: Snapshot, at now: Timestamp) -> [ByteString] {
        ["ACK", "OFFER", "PROBE", "INVALID"].flatMap { state in
            view.keys("leases", where: .field("State"), is: state).filter { key in
                view[ObjectID("leases", key)].map { isOver($0, at: now) } ?? false
            }
        }
    }

    private static func isOver(_ lease: StoredObject, at now: Timestamp) -> Bool {
        guard let end = Timestamp(rfc3339: lease.text("ExpireTime")) else { return false }
        return end <= now && !lease.text("State").hasSameUTF8(as: "EXPIRED")
    }
}
