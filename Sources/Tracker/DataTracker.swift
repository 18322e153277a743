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
    /// The object types.
    public nonisolated let catalog: Catalog
    /// Time and randomness.
    public nonisolated let environment: Environment
    /// What a store is given when it is made; copies of it have it too.
    public nonisolated let storeID: String
    /// Which opening of the store wrote which revisions: cursors and validators of other openings mean nothing here.
    public nonisolated let epochs: Epochs
    /// Everything that happens, for those who watch.
    public nonisolated let events: EventFeed

    nonisolated let thread: WriterThread
    private nonisolated let committer: Committer
    nonisolated let store: any KeyValueStore
    /// Reads what the store keeps of the past.
    nonisolated let history: HistoryReader
    /// Held while a draft is made beside the tracker, or waits for one that is.
    nonisolated let locks: LockTable

    /// The newest state, with all that waits to be written; nil while a draft changes it.
    var head: Snapshot?
    /// What is in `head` and not durable yet.
    private var waiting: [Committer.Pending] = []
    /// How many times the store has failed: what was drafted over a state that did not become durable is void.
    private var generation = 0

    /// So many commits are written at once at the most: those who wait for them can go on while the next ones are drafted.
    private static let largestGroup = 32

    /// The writer's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// A tracker over what `loaded` read from `store`; `reload` reads it once more.
    ///
    /// - Throws: when there can be no thread for it.
    init(
        _ loaded: LoadedState, store: any KeyValueStore, environment: Environment, logger: Logger,
        reload: @escaping @Sendable () throws(StoreError) -> Snapshot
    ) throws(StoreError) {
        thread = try WriterThread()
        head = loaded.snapshot
        catalog = loaded.snapshot.catalog
        storeID = loaded.storeID
        epochs = loaded.snapshot.epochs
        self.store = store
        history = HistoryReader(store)
        self.environment = environment
        locks = LockTable(logger: logger)
        events = EventFeed(
            epochs: epochs, catalog: catalog, after: loaded.snapshot.revision,
            log: StoredEventLog(history: history, catalog: catalog))
        committer = Committer(store: store, publishing: loaded.snapshot, events: events, logger: logger, reload: reload)
    }

    deinit { thread.stop() }

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

    /// What a commit gave.
    public struct Committed<Value: Sendable>: Sendable {
        /// What the body returned.
        public let value: Value
        /// The state with the change, after all that followed from it.
        public let snapshot: Snapshot
        /// What changed; empty if the body changed nothing, and then there was no new revision.
        public let changes: [ObjectChange]
    }

    /// A change that is on its way to the disk.
    public struct Submitted<Value: Sendable>: Sendable {
        /// What the commit gives. Nobody may hear of it before it is durable.
        public let committed: Committed<Value>
        fileprivate let outcome: CommitOutcome

        /// Returns when the change is durable.
        ///
        /// - Throws: `unavailable` when the store could not take it, and then nothing has happened.
        public func durable() async throws(TrackerError) { try await outcome.value.get() }
    }

    /// Has a commit that is in `head` written with all others that are made before the thread has nothing else to do.
    func queue(_ pending: Committer.Pending) {
        waiting.append(pending)
        if waiting.count == 1 { thread.callLast { [self] in assumeIsolated { $0.write() } } }
        if waiting.count >= Self.largestGroup { write() }
    }

    /// Writes what waits, and answers.
    private func write() {
        guard !waiting.isEmpty, let head else { return }
        let group = waiting
        waiting.removeAll(keepingCapacity: true)
        let result = Result { () throws(TrackerError) in try committer.commit(group, newest: head) }
        if case .failure = result {
            generation += 1
            self.head = committer.snapshot
        }
        for pending in group { pending.answer(result) }
    }

    /// Commits as `commit` does while drafts are made beside the tracker, or beside it, and does not wait until the change is
    /// durable: meanwhile there is time to prepare the answer of a large one.
    public func submit<Value: Sendable>(
        _ request: TrackerRequest, remembering answer: IdempotentResponse<Value>? = nil,
        _ body: @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async throws(TrackerError) -> Submitted<Value> {
        var set = catalog.locks(for: request.scope)
        while true {
            let ticket = try await locks.acquire(set, for: request)
            let generation = generation
            let watch = LockWatch(set, catalog)
            var draft = Draft(over: newest, request: request, environment: environment)
            draft.view.watch = watch
            let drafted = request.scope.isLarge ? await Drafted.elsewhere(draft, body) : Drafted(draft, body)
            if watch.isExceeded || self.generation != generation {
                // It touched what others were free to change, or the state under it came to nothing: once more.
                if watch.isExceeded { set = .everything }
                locks.release(ticket)
                continue
            }
            return try await conclude(drafted, set, answer, releasing: ticket)
        }
    }

    /// Puts a draft on the newest state, queues it, and gives its locks back.
    private func conclude<Value: Sendable>(
        _ drafted: Drafted<Value>, _ set: LockSet, _ answer: IdempotentResponse<Value>?,
        releasing ticket: LockQueue.Ticket
    ) async throws(TrackerError) -> Submitted<Value> {
        let value: Value
        do throws(TrackerError) {
            value = try drafted.value.get()
        } catch {
            locks.release(ticket)
            try await durable()
            throw error
        }
        var draft = drafted.draft
        draft.rebase(onto: newest, set)
        let (changes, time) = (draft.changeList.changes, environment.now())
        let record = CommitRecord(of: draft, changes, at: time)
        let committed = Committed(value: value, snapshot: record == nil ? newest : draft.view, changes: changes)
        let extra = answer?.batch(for: committed, at: time) ?? WriteBatch()
        let outcome = CommitOutcome()
        head = committed.snapshot
        queue(Committer.Pending(record: record, extra: extra) { outcome.settle($0) })
        locks.release(ticket)
        return Submitted(committed: committed, outcome: outcome)
    }

    /// Waits for queued commits to become durable and closes the store. Commits after this fail.
    public func close() async throws(StoreError) {
        try? await durable()
        try store.close()
    }

    /// The newest state, durable or not.
    private var newest: Snapshot {
        guard let head else { preconditionFailure("a draft is changing the newest state") }
        return head
    }

    /// Runs `body` with the newest state at a moment when nothing is being written: the store must hold just that. Writers
    /// wait meanwhile, so it must be short.
    ///
    /// - Throws: `unavailable` when the store fails, or has failed and not been written to since.
    func quietly<Value: Sendable>(
        _ body: @Sendable (Snapshot) throws(StoreError) -> Value
    ) throws(TrackerError) -> Value {
        write()
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

    /// Writes what is no object: forgotten history, answers no longer kept.
    func tidy(_ batch: WriteBatch) async throws(TrackerError) {
        try await durable(and: batch)
    }

    /// Returns when everything that was queued, and `extra`, is durable.
    private func durable(and extra: WriteBatch = WriteBatch()) async throws(TrackerError) {
        let result: Result<Void, TrackerError> = await withCheckedContinuation { continuation in
            queue(Committer.Pending(record: nil, extra: extra) { continuation.resume(returning: $0) })
        }
        try result.get()
    }
}
