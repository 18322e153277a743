public import Basics
import Logging
public import Store

/// The owner of all objects: orders changes, has them made durable, and hands out immutable snapshots.
///
/// - Reading never waits: ``snapshot`` is the newest durable state, and stays as it is under its reader.
/// - A change is drafted over the newest state, queued commits included, one at a time, in the order of arrival. While it
///   becomes durable, later ones are drafted: many clients share one sync.
/// - A large change is drafted beside the tracker, under locks on the types that it reads and writes. Others go on with all
///   that it does not lock; only while there is such a draft do they need locks themselves.
/// - Nobody hears of a change before it is durable, not even one who is refused because of it.
///
/// What changes the newest state runs on the writer's thread: it drafts all changes that wait, and then writes them together.
public actor DataTracker {
    nonisolated let types: CatalogReference
    /// Time and randomness.
    public nonisolated let environment: Environment
    /// What a store is given when it is made; copies of it have it too.
    public nonisolated let storeID: String
    /// Which opening of the store wrote which revisions: cursors and validators of other openings mean nothing here.
    public nonisolated let epochs: Epochs
    /// Everything that happens, for those who watch.
    public nonisolated let events: EventFeed

    nonisolated let thread: WriterThread
    nonisolated let committer: Committer
    nonisolated let store: any KeyValueStore
    /// Reads what the store keeps of the past.
    nonisolated let history: HistoryReader
    /// Held while a draft is made beside the tracker, or waits for one that is.
    nonisolated let locks: LockTable

    /// The newest state, with all that waits to be written; nil while a draft changes it in place.
    var head: Snapshot?
    /// What was committed beside each draft that others may overtake, since it began.
    var overtaking: [LockQueue.Ticket: [CommitRecord]] = [:]
    /// What is in `head` and not durable yet.
    private var waiting: [Committer.Pending] = []
    /// How many times the store has failed: what was drafted over a state that did not become durable is void.
    private(set) var generation = 0

    /// So many commits are written at once at the most.
    private var groupLimit = GroupLimit()

    /// The writer's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// A tracker over what `loaded` read from `store`; `reload` reads it once more, with the types and packs of a state.
    ///
    /// - Throws: when there can be no thread for it.
    init(
        _ loaded: LoadedState, store: any KeyValueStore, environment: Environment, logger: Logger,
        reload: @escaping Committer.Reload
    ) throws(StoreError) {
        thread = try WriterThread()
        head = loaded.snapshot
        types = CatalogReference(loaded.snapshot.catalog)
        storeID = loaded.storeID
        epochs = loaded.snapshot.epochs
        self.store = store
        history = HistoryReader(store)
        self.environment = environment
        locks = LockTable(logger: logger)
        events = EventFeed(
            epochs: epochs, catalog: types, after: loaded.snapshot.revision,
            log: StoredEventLog(history: history, catalog: types), clock: environment.clock)
        committer = Committer(store: store, publishing: loaded.snapshot, events: events, logger: logger, reload: reload)
    }

    deinit { thread.stop() }

    /// The object types that there are now; ``adopt(_:)`` makes them more.
    public nonisolated var catalog: Catalog { types.current }

    /// The newest durable state; O(1), and never changes under the reader.
    public nonisolated var snapshot: Snapshot { committer.snapshot }

    /// The newest durable state, once there is one after `revision` that may concern who has this interest; returns at once
    /// if there is any after it already.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public nonisolated func snapshot(
        after revision: Revision, for interest: ChangeInterest = .anything
    ) async throws(CancellationError) -> Snapshot {
        try await committer.snapshot(after: revision, for: interest)
    }

    /// How many tasks wait for changes.
    public nonisolated var waiterCount: Int { committer.waiterCount }

    /// Why writes fail at present, or nil while they do not.
    public nonisolated var writeFailure: String? { committer.failure }

    /// Why writes take longer than they should at present, or nil while they do not.
    public nonisolated var writeSlowness: String? { committer.slowness }

    /// Has a commit that is in `head` written with all others that are made before the thread has nothing else to do.
    func queue(_ pending: Committer.Pending) {
        waiting.append(pending)
        if let record = pending.record { for ticket in overtaking.keys { overtaking[ticket]?.append(record) } }
        if waiting.count == 1 { thread.flushLast(self) }
        if waiting.count >= groupLimit.count { flush() }
    }

    /// Writes what waits, and tells those who wait for it.
    func flush() {
        guard !waiting.isEmpty, let head else { return }
        let group = waiting
        waiting.removeAll(keepingCapacity: true)
        let result = groupLimit.measure(group.count, by: environment.clock) {
            Result { () throws(TrackerError) in try committer.commit(group, newest: head) }
        }
        if case .failure = result {
            generation += 1
            // No number is given twice, though nobody should have heard of one that did not become durable.
            var durable = committer.snapshot
            durable.keepNumbers(of: head)
            self.head = durable
        }
        for pending in group { pending.waiter.finish(result) }
    }

    /// Waits for queued commits to become durable and closes the store. Commits after this fail.
    ///
    /// - Throws: what the store says; `unavailable` when it is closed, but could not take the last commits before. Whoever made
    ///   them has been told.
    public nonisolated func close() async throws(StoreError) {
        // Not a matter of the task: the store is closed also when that has been cancelled.
        let last = await withCheckedContinuation { continuation in
            commit(.system("closing the store"), { _ in }, keeping: { _ in }) { continuation.resume(returning: $0) }
        }
        try store.close()
        if case .failure(let error) = last { throw StoreError(.unavailable, "the last commits are lost: \(error)") }
    }

    /// The newest state, durable or not.
    var newest: Snapshot {
        guard let head else { preconditionFailure("a draft is changing the newest state") }
        return head
    }

    /// Hands the newest state to the one who changes it and puts it back into `head`.
    func takeNewest() -> Snapshot {
        defer { head = nil }
        return newest
    }

    /// Runs `body` with the newest state at a moment when nothing is being written: the store must hold just that. Writers
    /// wait meanwhile, so it must be short.
    ///
    /// - Throws: `unavailable` when the store fails, or has failed and not been written to since.
    func quietly<Value: Sendable>(
        _ body: @Sendable (Snapshot) throws(StoreError) -> Value
    ) throws(TrackerError) -> Value {
        flush()
        if let failure = committer.failure { throw Self.unreadable(failure) }
        do {
            return try body(committer.snapshot)
        } catch {
            throw Self.unreadable("\(error)")
        }
    }

    private static func unreadable(_ reason: String) -> TrackerError {
        TrackerError(.unavailable, "", "The store cannot be compared with memory: \(reason)")
    }
}
