import Basics
import Logging
import Tracker

/// Moves free machines between pools so that each has as many as it is to have (C §19). Nothing is remembered between two
/// looks: what is due stands in pools and machines.
enum PoolFiller {
    /// How often it is looked at the most; while nothing changes, never.
    private static let interval = Duration.seconds(1)

    /// The service that does it.
    static let service = DomainService("pool-fill") { tracker, logger in
        var problems: [Identifier: String] = [:]
        var view = tracker.snapshot
        while true {
            problems = await fill(in: view, problems, tracker, logger)
            do {
                try await tracker.environment.sleep(for: interval)
                view = try await tracker.snapshot(after: view.revision)
            } catch { return }
        }
    }

    /// Does what is due, one commit a pool.
    ///
    /// - Parameter known: the problems that were logged already, by pool.
    /// - Returns: the problems that there are now.
    private static func fill(
        in view: Snapshot, _ known: [Identifier: String], _ tracker: DataTracker, _ logger: Logger
    ) async -> [Identifier: String] {
        var problems: [Identifier: String] = [:]
        for fill in AutoFill.all(in: view) {
            let pool = Identifier(fill.pool)
            do throws(TrackerError) {
                guard try fill.order(in: view) != nil else { continue }
                try await fill.run(tracker)
            } catch {
                problems[pool] = "\(error)"
                guard known[pool] != problems[pool] else { continue }
                logger.warning("a pool cannot be filled", metadata: ["pool": "\(fill.pool)", "cause": "\(error)"])
            }
        }
        return problems
    }
}

extension AutoFill {
    /// Does what is due in the newest state.
    fileprivate func run(_ tracker: DataTracker) async throws(TrackerError) {
        let request = TrackerRequest.system("the pool \(pool) is filled")
            .writing(WriteScope(["machines", PoolTransfer.typeName], count: WriteScope.largeCount + 1))
        _ = try await tracker.commit(request) { (draft) throws(TrackerError) in
            guard let order = try self.order(in: draft.view) else { return }
            _ = try draft.changePool(order)
        }
    }
}
