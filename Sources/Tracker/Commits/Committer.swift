import Logging
import Store
import Synchronization

/// Who waits for a commit to become durable.
protocol CommitWaiter: AnyObject, Sendable {
    /// Told once, by the writer's thread.
    func finish(_ result: Result<Void, TrackerError>)
}

/// Makes commits durable, many with one sync, and publishes them.
///
/// The order is always the same: write, sync, publish; answers come last. So nothing that a reader sees can be taken back.
/// `commit` is called by the writer's thread only; what is published can be read from everywhere.
final class Committer: Sendable {
    /// A commit, or a request that only waits for those before it.
    struct Pending: Sendable {
        let record: CommitRecord?
        /// What else is to be written with it.
        let extra: WriteBatch
        /// What it does to side data.
        var side = SideChanges()
        /// Told when it is durable, or has failed.
        let waiter: any CommitWaiter
    }

    private struct Health {
        /// Why the last write failed; nil once one succeeds.
        var failure: String?
        /// Whether the last write failed in a way that leaves open whether the store took it.
        var isInDoubt = false
        /// Whether the store has the present epoch.
        var hasEpoch = false
    }

    /// Reads the whole state from the store, with the types and the packs of a state that do not live there.
    typealias Reload = @Sendable (Snapshot) throws(StoreError) -> Snapshot

    private let store: any KeyValueStore
    private let reload: Reload
    private let published: Mutex<Snapshot>
    private let health = Mutex(Health())
    private let waiters: RevisionWaiters
    /// The sizes of streams of side data that were written to.
    let streamSizes = StreamSizes()
    private let events: EventFeed
    private let logger: Logger

    init(
        store: any KeyValueStore, publishing snapshot: Snapshot, events: EventFeed, logger: Logger,
        reload: @escaping Reload
    ) {
        self.store = store
        self.reload = reload
        self.events = events
        self.logger = logger
        published = Mutex(snapshot)
        waiters = RevisionWaiters(published: snapshot.revision)
        let alarm = StoreAlarm(logger: logger)
        store.condition.observe { [weak self] part, error in
            alarm.tell(part, error)
            // What kept the last write from the store does so no more.
            if part == .checkpointing, error == nil { self?.health.withLock { $0.failure = nil } }
        }
    }

    /// The newest durable state.
    var snapshot: Snapshot { published.withLock { $0 } }

    /// The newest durable state, once there is one after `revision` that may concern who has this interest.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    func snapshot(
        after revision: Revision, for interest: ChangeInterest
    ) async throws(CancellationError) -> Snapshot {
        try await waiters.wait(after: revision, for: interest)
        return snapshot
    }

    /// How many tasks wait for changes.
    var waiterCount: Int { waiters.count }

    /// Why the last attempt to write failed, or the next one would; nil once one succeeds.
    var failure: String? {
        health.withLock { $0.failure } ?? store.condition.failures[.checkpointing].map { "\($0)" }
    }

    /// Why writes take longer than they should; nil if they do not.
    var slowness: String? { store.condition.failures[.journal].map { "\($0)" } }

    /// Writes a group with one sync, and publishes the state that it leads to.
    ///
    /// - Parameter newest: the state with all of the group, and nothing else that is not durable.
    /// - Throws: `unavailable` when the store could not take it; then what is published is where to go on from.
    func commit(_ group: [Pending], newest: Snapshot) throws(TrackerError) {
        var (batch, streams) = try batch(of: group, newest.catalog)
        let isCommit = group.contains { $0.record != nil }
        let isFirst = isCommit && !health.withLock { $0.hasEpoch }
        if isFirst {
            batch.append(newest.epochs.recording)
            batch.append(newest.numberRecording)
        }
        if batch.count > 0 { try write(batch) }
        streamSizes.note(streams)
        guard isCommit else { return }
        if isFirst { health.withLock { $0.hasEpoch = true } }
        publish(newest)
        let records = group.compactMap(\.record)
        events.append(records, upTo: newest.revision)
        waiters.publish(newest.revision, ChangeInterest.touched(by: records, newest.catalog))
    }

    private func batch(
        of group: [Pending], _ catalog: Catalog
    ) throws(TrackerError) -> (batch: WriteBatch, streams: SideOutcome) {
        var (batch, side) = (WriteBatch(), SideBatch(store, catalog, knowing: streamSizes))
        do throws(StoreError) {
            for pending in group {
                pending.record?.add(to: &batch, keepingHistory: store.keepsHistory)
                batch.append(pending.extra)
                try side.add(pending.side, pending.record, to: &batch)
            }
        } catch {
            throw fail("\(error)", isInDoubt: true)
        }
        return (batch, side.outcome)
    }

    /// Publishes the newest durable state anew, under other types.
    func replace(by state: Snapshot) { publish(state) }

    private func publish(_ newest: Snapshot) {
        let last = published.withLock { published in
            defer { published = newest }
            return published
        }
        // What only the last state held is freed here, and not under the lock that readers take.
        withExtendedLifetime(last) {}
    }

    private func write(_ batch: WriteBatch) throws(TrackerError) {
        let isVoid: Bool
        do throws(StoreError) {
            isVoid = try adoptUnknownWrites()
            if !isVoid { try store.apply(batch) }
        } catch {
            throw fail("\(error)", isInDoubt: true)
        }
        if isVoid { throw fail("it had to be read anew after a failure") }
        health.withLock { $0.failure = nil }
    }

    /// After a failed write nobody knows whether the store took it. Before the next one the two are compared; if the store
    /// is ahead, its state is read anew and published.
    ///
    /// - Returns: whether that was necessary; then everything drafted so far is void.
    /// - Throws: when the store still does not work.
    private func adoptUnknownWrites() throws(StoreError) -> Bool {
        guard health.withLock({ $0.isInDoubt }) else { return false }
        let stored = StoreLayout.number(try store.value(.metadata, key: StoreLayout.revisionKey) ?? [])
        let isAhead = stored != snapshot.revision.number
        if isAhead {
            let state = try reload(snapshot)
            publish(state)
            events.append([], upTo: state.revision)
            waiters.publish(state.revision, nil)
        }
        health.withLock { $0.isInDoubt = false }
        return isAhead
    }

    private func fail(_ reason: String, isInDoubt: Bool = false) -> TrackerError {
        streamSizes.forgetAll()
        health.withLock { $0 = Health(failure: reason, isInDoubt: isInDoubt) }
        logger.error("the store refused a commit: writes fail until it works again", metadata: ["cause": "\(reason)"])
        return TrackerError(
            .unavailable, "",
            ["The store cannot take writes: \(reason)", "Reads go on; look at the object before you retry."])
    }
}
