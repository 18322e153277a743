import Dispatch
import Logging
import Store
import Synchronization

/// Makes commits durable, many with one sync, and publishes them.
///
/// The order is always the same: write, sync, publish, answer. So nothing that a reader sees can be taken back. Commits come
/// from the tracker in the order of their revisions; everything that waits when the thread is free goes into one store
/// transaction. If the store fails, all that wait fail with it, and the tracker starts again from what is published.
final class Committer: Sendable {
    /// A commit, or a request that only waits for those before it.
    struct Pending: Sendable {
        let record: CommitRecord?
        /// What else is to be written with it.
        let extra: WriteBatch
        let answer: @Sendable (Result<Void, TrackerError>) -> Void
    }

    private struct Queue {
        var waiting: [Pending] = []
        /// The newest state, with all that waits; nil while a draft changes it.
        var head: Snapshot?
        var isRunning = false
        /// Counts failures: commits drafted over a state that failed to become durable are refused.
        var generation = 0
        var failure: String?
        /// Whether the last write failed in a way that leaves open whether the store took it.
        var isInDoubt = false
    }

    private let store: any KeyValueStore
    /// Reads the whole state from the store.
    private let reload: @Sendable () throws(StoreError) -> Snapshot
    private let thread = DispatchQueue(label: "muster.committer", qos: .userInitiated)
    private let queue: Mutex<Queue>
    private let published: Mutex<Snapshot>
    private let waiters: RevisionWaiters
    private let events: EventFeed
    private let logger: Logger

    init(
        store: any KeyValueStore, publishing snapshot: Snapshot, events: EventFeed, logger: Logger,
        reload: @escaping @Sendable () throws(StoreError) -> Snapshot
    ) {
        self.store = store
        self.reload = reload
        self.events = events
        self.logger = logger
        queue = Mutex(Queue(head: snapshot))
        published = Mutex(snapshot)
        waiters = RevisionWaiters(published: snapshot.revision)
    }

    /// The newest durable state.
    var snapshot: Snapshot { published.withLock { $0 } }

    /// The newest durable state, once there is one after `revision`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    func snapshot(after revision: Revision) async throws(CancellationError) -> Snapshot {
        try await waiters.wait(after: revision)
        return snapshot
    }

    /// How many times the store has failed.
    var generation: Int { queue.withLock { $0.generation } }

    /// The newest state, durable or not, and the generation that it is of. There must be one: no draft may be changing it.
    var newest: (head: Snapshot, generation: Int) {
        queue.withLock { queue in
            guard let head = queue.head else { preconditionFailure("a draft is changing the newest state") }
            return (head, queue.generation)
        }
    }

    /// Gives the newest state away, to be changed in place. Until `submit` brings it back nothing can be written, since what
    /// is published after it would be missing.
    ///
    /// - Parameter generation: becomes the generation that it is of.
    func takeHead(_ generation: inout Int) -> Snapshot {
        queue.withLock { queue in
            guard let head = queue.head.take() else { preconditionFailure("a draft is changing the newest state") }
            generation = queue.generation
            return head
        }
    }

    /// Why the last attempt to write failed; nil once one succeeds.
    var failure: String? { queue.withLock { $0.failure } }

    /// Queues a commit that was drafted in `generation`; its answer comes when it is durable or has failed.
    ///
    /// - Parameter head: the newest state with the commit; nil for one that changes no state.
    func submit(_ pending: Pending, head: Snapshot?, generation: Int) {
        let failure: TrackerError? = queue.withLock { queue in
            guard queue.generation == generation else { return Self.error(queue.failure ?? "the store failed") }
            if let head { queue.head = head }
            queue.waiting.append(pending)
            if !queue.isRunning {
                queue.isRunning = true
                thread.async { self.run() }
            }
            return nil
        }
        if let failure { pending.answer(.failure(failure)) }
    }

    /// Writes until nothing waits, or until a draft changes the newest state: the state with just the group is not to be had
    /// then, and `submit` follows at once.
    private func run() {
        while true {
            let group: (pending: [Pending], newest: Snapshot)? = queue.withLock { queue in
                guard !queue.waiting.isEmpty, let head = queue.head else {
                    queue.isRunning = false
                    return nil
                }
                defer { queue.waiting.removeAll(keepingCapacity: true) }
                return (queue.waiting, head)
            }
            guard let group else { return }
            commit(group.pending, newest: group.newest)
        }
    }

    private func commit(_ group: [Pending], newest: Snapshot) {
        var batch = WriteBatch()
        for pending in group {
            pending.record?.add(to: &batch)
            batch.append(pending.extra)
        }
        do throws(StoreError) {
            if batch.count > 0 {
                if try adoptUnknownWrites() { return fail(group, "it had to be read anew after a failure") }
                try store.apply(batch)
            }
        } catch {
            return fail(group, "\(error)", isInDoubt: true)
        }
        if batch.count > 0 { queue.withLock { $0.failure = nil } }
        if group.contains(where: { $0.record != nil }) {
            published.withLock { $0 = newest }
            events.append(group.compactMap(\.record), upTo: newest.revision)
            waiters.publish(newest.revision)
        }
        for pending in group { pending.answer(.success(())) }
    }

    /// After a failed write nobody knows whether the store took it. Before the next one the two are compared; if the store
    /// is ahead, its state is read anew and published.
    ///
    /// - Returns: whether that was necessary; then everything drafted so far is void.
    /// - Throws: when the store still does not work.
    private func adoptUnknownWrites() throws(StoreError) -> Bool {
        guard queue.withLock({ $0.isInDoubt }) else { return false }
        let stored = StoreLayout.number(try store.value(.metadata, key: StoreLayout.revisionKey) ?? [])
        let isAhead = stored != snapshot.revision.number
        if isAhead {
            let state = try reload()
            published.withLock { $0 = state }
            events.append([], upTo: state.revision)
            waiters.publish(state.revision)
        }
        queue.withLock { $0.isInDoubt = false }
        return isAhead
    }

    private func fail(_ group: [Pending], _ reason: String, isInDoubt: Bool = false) {
        let later = queue.withLock { queue in
            queue.generation += 1
            queue.head = snapshot
            queue.failure = reason
            queue.isInDoubt = isInDoubt
            defer { queue.waiting.removeAll() }
            return queue.waiting
        }
        logger.error("the store refused a commit: writes fail until it works again", metadata: ["cause": "\(reason)"])
        let error = Self.error(reason)
        for pending in group + later { pending.answer(.failure(error)) }
    }

    private static func error(_ reason: String) -> TrackerError {
        TrackerError(
            .unavailable, "",
            ["The store cannot take writes: \(reason)", "Reads go on; look at the object before you retry."])
    }
}
