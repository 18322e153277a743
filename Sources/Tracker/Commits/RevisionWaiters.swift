import Synchronization

/// Tasks that wait for a revision to become durable.
final class RevisionWaiters: Sendable {
    private struct State {
        var published: Revision
        var nextID = 0
        var waiting: [Int: (after: Revision, continuation: CheckedContinuation<Bool, Never>)] = [:]
    }

    private let state: Mutex<State>

    init(published: Revision) { state = Mutex(State(published: published)) }

    /// Wakes everyone who waits for something newer than an earlier revision.
    func publish(_ revision: Revision) {
        let ready = state.withLock { state in
            state.published = revision
            let ids = state.waiting.filter { $0.value.after < revision }.keys
            return ids.compactMap { state.waiting.removeValue(forKey: $0)?.continuation }
        }
        for continuation in ready { continuation.resume(returning: true) }
    }

    /// Returns once a revision after `revision` is published.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    func wait(after revision: Revision) async throws(CancellationError) {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let isReady = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.published > revision { return true }
                    if Task.isCancelled { return false }
                    state.waiting[id] = (revision, continuation)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiting.removeValue(forKey: id) }
            waiter?.continuation.resume(returning: false)
        }
        guard isReady else { throw CancellationError() }
    }
}
