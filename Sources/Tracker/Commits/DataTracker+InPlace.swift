import Basics
import Store

/// Changes that are made to the newest state itself, on the writer's thread: all but large ones, while nobody holds locks.
extension DataTracker {
    /// Changes objects: all that `body` does, or, if it throws, nothing. Returns when the change is durable.
    ///
    /// - Parameters:
    ///   - request: on whose behalf.
    ///   - answer: made and kept together with the change, if the client may send the request again.
    ///   - body: works on a draft of the newest state; it must not block, and may be called again if that came to nothing.
    ///     Of objects that it returns, the revision may be provisional.
    /// - Throws: what `body` throws, `unavailable` when the store cannot take the change, or `cancelled` when the task was
    ///   while it waited for locks.
    public nonisolated func commit<Value: Sendable>(
        _ request: TrackerRequest, remembering answer: IdempotentResponse<Value>? = nil,
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async throws(TrackerError) -> Committed<Value> {
        let outcome: Result<Committed<Value>, TrackerError>? = await withCheckedContinuation { continuation in
            changeInPlace(request, body) { value, draft, changes, time in
                let committed = Committed(value: value, snapshot: draft.view, changes: changes)
                return (committed, answer?.batch(for: committed, at: time))
            } then: {
                continuation.resume(returning: $0)
            }
        }
        if let outcome { return try outcome.get() }
        let submitted = try await submit(request, remembering: answer, body)
        try await submitted.durable()
        return submitted.committed
    }

    /// Changes an object as `commit` does. It takes less time: the state that the change leads to is not kept for the caller,
    /// so the next change can go on with it in place.
    ///
    /// - Parameter body: as of `commit`; answers the object of type `typeName` that it changed.
    /// - Returns: the object as it stands after all that followed from the change; of one that is gone, what `body` answered.
    /// - Throws: as `commit`.
    public nonisolated func change(
        _ typeName: TypeName, _ request: TrackerRequest,
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> StoredObject
    ) async throws(TrackerError) -> StoredObject {
        let outcome = await withCheckedContinuation { continuation in
            change(typeName, request, body) { continuation.resume(returning: $0) }
        }
        if let outcome { return try outcome.get() }
        let committed = try await commit(request, body)
        return committed.snapshot[ObjectID(typeName, committed.value.key)] ?? committed.value
    }

    /// Changes an object as the other `change` does, without a task that waits for it.
    ///
    /// - Parameter done: told on the writer's thread when the change is durable, or has failed; nil if it has to wait for
    ///   others, which takes a task. Nothing has happened then.
    public nonisolated func change(
        _ typeName: TypeName, _ request: TrackerRequest,
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> StoredObject,
        then done: @escaping @Sendable (Result<StoredObject, TrackerError>?) -> Void
    ) {
        changeInPlace(request, body) { object, draft, _, _ in
            (draft.view[ObjectID(typeName, object.key)] ?? object, nil)
        } then: {
            done($0)
        }
    }

    /// Has the writer's thread do what `body` does to the newest state itself, or take it back there if it throws.
    ///
    /// - Parameters:
    ///   - conclude: what to return of the draft, and what else to write. What it keeps of the state has to be copied when
    ///     the next draft changes it.
    ///   - done: told on the writer's thread when the change is durable, or has failed; nil if it cannot be made in place,
    ///     since it is large or others may hold locks. Nothing has happened then.
    private nonisolated func changeInPlace<Value: Sendable, Outcome: Sendable>(
        _ request: TrackerRequest, _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value,
        _ conclude: @escaping @Sendable (Value, Draft, [ObjectChange], Timestamp) -> (Outcome, extra: WriteBatch?),
        then done: @escaping @Sendable (Result<Outcome, TrackerError>?) -> Void
    ) {
        if request.scope.isLarge { return done(nil) }
        thread.call { [self] in
            assumeIsolated { tracker in
                guard tracker.locks.isIdle else { return done(nil) }
                tracker.draftInPlace(request, body, conclude, done)
            }
        }
    }

    private func draftInPlace<Value: Sendable, Outcome: Sendable>(
        _ request: TrackerRequest, _ body: (inout Draft) throws(TrackerError) -> Value,
        _ conclude: (Value, Draft, [ObjectChange], Timestamp) -> (Outcome, extra: WriteBatch?),
        _ done: @escaping @Sendable (Result<Outcome, TrackerError>?) -> Void
    ) {
        guard let base = head.take() else { preconditionFailure("a draft is changing the newest state") }
        var draft = Draft(over: base, request: request, environment: environment)
        let stack = draft.view.stack
        var (record, extra): (CommitRecord?, WriteBatch?)
        let outcome: Result<Outcome, TrackerError>
        do throws(TrackerError) {
            let value = try body(&draft)
            try draft.conclude()
            let (changes, time) = (draft.changeList.changes, environment.now())
            record = CommitRecord(of: draft, changes, at: time)
            if record == nil { draft.view.revision = draft.base }
            let concluded = conclude(value, draft, changes, time)
            (outcome, extra) = (.success(concluded.0), concluded.extra)
        } catch {
            draft.revert(to: stack)
            outcome = .failure(error)
        }
        head = draft.view
        queue(Committer.Pending(record: record, extra: extra ?? WriteBatch()) { done($0.flatMap { outcome }) })
    }
}
