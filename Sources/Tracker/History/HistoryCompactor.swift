import Basics
public import Logging
import Store

/// How much of the past is kept.
public struct HistoryRetention: Sendable {
    /// How long a state can be told after it has ceased to be.
    public var age: Duration
    /// How many bytes the past may take.
    public var size: Int

    /// The usual: 90 days, but not more than 2 GiB.
    public init(age: Duration = .seconds(90 * 86_400), size: Int = 2 << 30) {
        self.age = age
        self.size = size
    }
}

/// Forgets the past, oldest first, in steps that are so small that no writer notices while the load lets them (`ForgettingPace`).
///
/// What a step removes is committed, as all that is written.
public actor HistoryCompactor {
    private let tracker: DataTracker
    private let retention: HistoryRetention
    /// The bytes of history of the revisions after the start up to `counted`.
    private var bytes = 0
    private var counted: Revision?
    private var pace: ForgettingPace

    /// It changes no objects, so it waits for hardly anybody.
    private static let request = TrackerRequest.system("forgetting history").writing(WriteScope([]))

    /// The records that one step counts.
    private static let countLimit = 10_000

    /// The pause when there is nothing to do, or the store fails.
    static let rest = Duration.seconds(10)
    /// How often during the pause it is seen whether much was written meanwhile, and how many commits are much.
    static let (looks, muchIsNew) = (20, UInt64(1000))

    /// A keeper of the past of `tracker`.
    public init(_ tracker: DataTracker, _ retention: HistoryRetention) {
        self.tracker = tracker
        self.retention = retention
        pace = ForgettingPace(retention)
    }

    /// Forgets until the task is cancelled, a step at a time, with pauses of the tracker's clock in between.
    ///
    /// - Parameter logger: told when the store fails.
    public func run(logger: Logger) async {
        repeat {
            var hasMore = false
            do {
                hasMore = try await step()
            } catch {
                logger.warning("history is not pruned at present", metadata: ["cause": "\(error)"])
            }
            if hasMore {
                try? await tracker.environment.sleep(for: pace.pause)
            } else {
                await restUntilMuchIsNew()
            }
        } while !Task.isCancelled
    }

    /// Rests, but not while much is written.
    private func restUntilMuchIsNew() async {
        for _ in 0..<Self.looks {
            try? await tracker.environment.sleep(for: Self.rest / Self.looks)
            let isMuch = tracker.snapshot.revision.number - (counted ?? .zero).number > Self.muchIsNew
            if isMuch || Task.isCancelled { return }
        }
    }

    /// Does a little of what there is to do: counts what is new, forgets what is too old or too much, and removes answers that
    /// are no longer kept.
    ///
    /// - Returns: whether there is more to do.
    /// - Throws: `unavailable` when the store fails; nothing is lost by trying again.
    public func step() async throws(TrackerError) -> Bool {
        let isCounted = try await count()
        let plan = try await forgetting()
        let now = tracker.environment.now()
        let expired = try await tracker.history.read { history throws(StoreError) in
            try StoredAnswers.expired(in: history.store, at: now, limit: ForgettingPace.gentleLimit)
        }
        pace.adjust(to: plan.left)
        var batch = plan.batch
        batch.append(expired)
        guard !batch.isEmpty else { return !isCounted }
        _ = try await tracker.commit(Self.request) { [batch] draft in draft.extra.append(batch) }
        bytes -= plan.bytes
        return true
    }

    /// Adds up what the commits since the last time take.
    ///
    /// - Returns: whether all are counted.
    private func count() async throws(TrackerError) -> Bool {
        let (known, newest) = (counted, tracker.snapshot.revision)
        let (sum, last) = try await tracker.history.read { history throws(StoreError) -> (Int, Revision) in
            var sum = 0
            var last = if let known { known } else { try history.start() }
            var rest = Self.countLimit
            try history.records(from: last.next, through: newest) { record in
                sum += record.size
                last = record.revision
                rest -= 1
                return rest > 0
            }
            return (sum, last)
        }
        bytes += sum
        counted = last
        return last == newest
    }

    /// What is to be removed next, and what of the past is too much after that.
    private func forgetting() async throws(TrackerError) -> (
        batch: WriteBatch, bytes: Int, left: ForgettingPace.Backlog
    ) {
        let (excess, newest, limit) = (bytes - retention.size, counted ?? .zero, pace.limit)
        let cutoff = tracker.environment.now() + (.zero - retention.age)
        return try await tracker.history.read {
            history throws(StoreError) -> (WriteBatch, Int, ForgettingPace.Backlog) in
            var (batch, freed) = (WriteBatch(), 0)
            var left = ForgettingPace.Backlog()
            let start = try history.start()
            var last = start
            try history.records(from: start.next, through: newest) { record in
                guard freed < excess || record.time < cutoff else { return false }
                guard batch.count < limit else {
                    left.overdue = max(cutoff - record.time, .zero)
                    return false
                }
                for id in record.entries.map(\.id) + record.packs.map({ StoreLayout.packID($0.name) }) {
                    batch.remove(.versions, key: StoreLayout.versionKey(id, record.revision))
                }
                // The record of the oldest state itself stays, since it tells from when on that was so.
                batch.remove(.commits, key: StoreLayout.commitKey(last))
                (last, freed) = (record.revision, freed + record.size)
                return true
            }
            if last > start {
                batch.put(.metadata, key: StoreLayout.historyKey, value: StoreLayout.bytes(last.number))
            }
            left.bytes = max(excess - freed, 0)
            return (batch, freed, left)
        }
    }
}
