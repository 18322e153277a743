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
public actor DataTracker {
    /// The object types.
    public nonisolated let catalog: Catalog
    /// Time and randomness.
    public nonisolated let environment: Environment
    /// What a store is given when it is made; a cursor or validator of another epoch means nothing here.
    public nonisolated let epoch: String
    /// Everything that happens, for those who watch.
    public nonisolated let events: EventFeed

    private nonisolated let committer: Committer
    nonisolated let store: any KeyValueStore
    /// Reads what the store keeps of the past.
    nonisolated let history: HistoryReader
    /// Held while a draft is made beside the tracker, or waits for one that is.
    private nonisolated let locks: LockTable
    /// The newest state, durable or not.
    private var head: Snapshot
    private var generation = 0

    /// A tracker over what `loaded` read from `store`; `reload` reads it once more.
    init(
        _ loaded: LoadedState, store: any KeyValueStore, environment: Environment, logger: Logger,
        reload: @escaping @Sendable () throws(StoreError) -> Snapshot
    ) {
        catalog = loaded.snapshot.catalog
        epoch = loaded.epoch
        head = loaded.snapshot
        self.store = store
        history = HistoryReader(store)
        self.environment = environment
        locks = LockTable(logger: logger)
        events = EventFeed(
            epoch: epoch, catalog: catalog, after: loaded.snapshot.revision,
            log: StoredEventLog(history: history, catalog: catalog))
        committer = Committer(store: store, publishing: loaded.snapshot, events: events, logger: logger, reload: reload)
    }

    /// The newest durable state; O(1), and never changes under the reader.
    public nonisolated var snapshot: Snapshot { committer.snapshot }

    /// The newest durable state, once there is one after `revision`; returns at once if there is already.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public nonisolated func snapshot(after revision: Revision) async throws(CancellationError) -> Snapshot {
        try await committer.snapshot(after: revision)
    }

    /// Why writes fail at present, or nil while they do not.
    public nonisolated var writeFailure: String? { committer.failure }

    /// What a commit gave.
    public struct Committed<Value: Sendable>: Sendable {
        /// What the body returned.
        public let value: Value
        /// The state with the change, after all that followed from it.
        public let snapshot: Snapshot
        /// What changed; empty if the body changed nothing, and then there was no new revision.
        public let changes: [ObjectChange]
    }

    /// Changes objects: all that `body` does, or, if it throws, nothing. Returns when the change is durable.
    ///
    /// - Parameters:
    ///   - request: on whose behalf.
    ///   - answer: made and kept together with the change, if the client may send the request again.
    ///   - body: works on a draft of the newest state; it must not block, and may be called again if that came to nothing.
    ///     Of objects that it returns, the revision may be provisional.
    /// - Throws: what `body` throws, `unavailable` when the store cannot take the change, or `cancelled` when the task was
    ///   while it waited for locks.
    public func commit<Value: Sendable>(
        _ request: TrackerRequest, remembering answer: RememberedAnswer<Value>? = nil,
        _ body: @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async throws(TrackerError) -> Committed<Value> {
        guard locks.isIdle, !request.scope.isLarge else { return try await commitUnderLocks(request, answer, body) }
        resumeAfterFailure()
        let draft = Draft(over: head, request: request, environment: environment)
        return try await conclude(Drafted(draft, body), answer)
    }

    /// Commits as `commit` does while drafts are made beside the tracker, or beside it.
    private func commitUnderLocks<Value: Sendable>(
        _ request: TrackerRequest, _ answer: RememberedAnswer<Value>?,
        _ body: @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async throws(TrackerError) -> Committed<Value> {
        var set = catalog.locks(for: request.scope)
        while true {
            let ticket = try await locks.acquire(set, for: request)
            resumeAfterFailure()
            let (watch, started) = (LockWatch(set), generation)
            var draft = Draft(over: head, request: request, environment: environment)
            draft.view.watch = watch
            var drafted = request.scope.isLarge ? await Drafted.elsewhere(draft, body) : Drafted(draft, body)
            resumeAfterFailure()
            if watch.isExceeded || generation != started {
                // It touched what others were free to change, or the state under it came to nothing: once more.
                if watch.isExceeded { set = .everything }
                locks.release(ticket)
                continue
            }
            drafted.draft.rebase(onto: head, set)
            return try await conclude(drafted, answer, releasing: ticket)
        }
    }

    /// Makes a draft over the newest state the newest state itself, gives its locks back, and returns when it is durable.
    private func conclude<Value: Sendable>(
        _ drafted: Drafted<Value>, _ answer: RememberedAnswer<Value>?, releasing ticket: LockQueue.Ticket? = nil
    ) async throws(TrackerError) -> Committed<Value> {
        let draft = drafted.draft
        let value: Value
        do throws(TrackerError) {
            value = try drafted.value.get()
        } catch {
            if let ticket { locks.release(ticket) }
            try await durable(nil, nil)
            throw error
        }
        let changes = draft.changeList.changes
        let isNothing = changes.isEmpty && draft.packs.isEmpty
        let time = environment.now()
        let committed = Committed(value: value, snapshot: isNothing ? head : draft.view, changes: changes)
        let record =
            isNothing
            ? nil
            : CommitRecord(
                revision: draft.revision, time: time, request: draft.request, changes: changes, packs: draft.packs)
        if !isNothing { head = draft.view }
        if let ticket { locks.release(ticket) }
        try await durable(record, isNothing ? nil : draft.view, and: answer?.batch(for: committed, at: time))
        return committed
    }

    /// Waits for queued commits to become durable and closes the store. Commits after this fail.
    public func close() async throws(StoreError) {
        try? await durable(nil, nil)
        try store.close()
    }

    /// Runs `body` with the newest state at a moment when nothing is being written: the store must hold just that.
    ///
    /// - Throws: `unavailable` when the store fails.
    nonisolated func quietly<Value: Sendable>(
        _ body: @escaping @Sendable (Snapshot) throws(StoreError) -> Value
    ) async throws(TrackerError) -> Value { try await committer.quietly(body) }

    /// Writes what is no object: forgotten history, answers no longer kept.
    func tidy(_ batch: WriteBatch) async throws(TrackerError) {
        resumeAfterFailure()
        try await durable(nil, nil, and: batch)
    }

    /// After a failure of the store the drafted states are void: go on from what is durable.
    private func resumeAfterFailure() {
        let current = committer.generation
        guard current != generation else { return }
        generation = current
        head = committer.snapshot
    }

    /// Returns when everything up to and including `record` is durable.
    private func durable(
        _ record: CommitRecord?, _ snapshot: Snapshot?, and extra: WriteBatch? = nil
    ) async throws(TrackerError) {
        let generation = generation
        let result = await withCheckedContinuation { continuation in
            let pending = Committer.Pending(record: record, snapshot: snapshot, extra: extra ?? WriteBatch()) {
                continuation.resume(returning: $0)
            }
            committer.submit(pending, generation: generation)
        }
        try result.get()
    }
}
