import Logging
import Metrics
import Synchronization

/// The locks of a tracker: the queue, and the tasks that wait in it.
final class LockTable: Sendable {
    private struct State {
        var queue = LockQueue()
        var waiting: [LockQueue.Ticket: CheckedContinuation<Bool, Never>] = [:]
    }

    private let state = Mutex(State())
    private let waits = Metrics.Timer(label: "muster_lock_wait")
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// Whether nobody holds or wants anything.
    var isIdle: Bool { state.withLock { $0.queue.isIdle } }

    /// Whether a request could have its locks at once.
    func passes(_ set: LockSet) -> Bool { state.withLock { $0.queue.passes(set) } }

    /// Returns once the locks are the caller's, all at once. How long that takes is measured.
    ///
    /// - Throws: `cancelled` when the task is cancelled first; it has left the queue then.
    func acquire(_ set: LockSet, for request: TrackerRequest) async throws(TrackerError) -> LockQueue.Ticket {
        let (ticket, isGranted) = state.withLock { $0.queue.enter(set) }
        if isGranted { return ticket }
        let start = ContinuousClock.now
        let hasLocks = await wait(ticket)
        let time = start.duration(to: .now)
        waits.recordNanoseconds(Int64(time / .nanoseconds(1)))
        logger.debug(
            "waited for locks",
            metadata: ["request": "\(request.id)", "duration": "\(time)", "granted": "\(hasLocks)"])
        guard hasLocks else {
            release(ticket)
            throw TrackerError(.cancelled, "", "The request was cancelled while it waited for locks")
        }
        return ticket
    }

    /// Gives locks back.
    func release(_ ticket: LockQueue.Ticket) {
        let ready = state.withLock { state in
            state.queue.leave(ticket).compactMap { state.waiting.removeValue(forKey: $0) }
        }
        for continuation in ready { continuation.resume(returning: true) }
    }

    /// Whether the locks were granted before the task was cancelled.
    private func wait(_ ticket: LockQueue.Ticket) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.queue.holds(ticket) { return true }
                    if Task.isCancelled { return false }
                    state.waiting[ticket] = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume(returning: false)
        }
    }
}
