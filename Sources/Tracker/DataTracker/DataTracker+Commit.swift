import Basics
import JSON
import Store

/// The one way to write: every change of the newest state, whoever asks for it, is a ``Write`` that goes through here.
extension DataTracker {
    /// Changes objects: all that `body` does, or, if it throws, nothing.
    ///
    /// - Parameters:
    ///   - request: on whose behalf.
    ///   - remembered: made and kept together with the change, if the client may send the request again.
    ///   - body: works on a draft of the newest state; it must not block, and may be called again if that came to nothing.
    ///     Of objects that it returns, the revision may be provisional.
    ///   - keep: makes what is to be answered of what the draft gave, before it is durable: of a small write at once, on the
    ///     writer's thread, so it must be quick; of a large one beside it, while the disk works. If it keeps the snapshot, the
    ///     next change has to copy what it changes of that.
    ///   - done: told once when the change is durable, or has failed, with what `body` throws, or `unavailable` when the store
    ///     cannot take the change. Of small writes it is told on the writer's thread, so it must be quick.
    public nonisolated func commit<Value: Sendable, Outcome: Sendable>(
        _ request: TrackerRequest, remembering remembered: IdempotentResponse<Value>? = nil,
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value,
        keeping keep: @escaping @Sendable (Committed<Value>) -> Outcome,
        then done: @escaping @Sendable (Result<Outcome, TrackerError>) -> Void
    ) {
        Write(self, request, remembered, body, keep).begin(then: done)
    }

    /// Changes objects as the other `commit` does, and returns what `keep` made once the change is durable.
    ///
    /// - Throws: what `body` throws, `unavailable` when the store cannot take the change, or `cancelled` when the task was
    ///   while it waited for locks.
    public nonisolated func commit<Value: Sendable, Outcome: Sendable>(
        _ request: TrackerRequest, remembering remembered: IdempotentResponse<Value>? = nil,
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value,
        keeping keep: @escaping @Sendable (Committed<Value>) -> Outcome
    ) async throws(TrackerError) -> Outcome {
        let write = Write(self, request, remembered, body, keep)
        let result: Result<Outcome, TrackerError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                write.begin { continuation.resume(returning: $0) }
            }
        } onCancel: {
            write.cancel()
        }
        return try result.get()
    }

    /// Changes objects as the other `commit` does, and returns all that the commit gave.
    public nonisolated func commit<Value: Sendable>(
        _ request: TrackerRequest, remembering remembered: IdempotentResponse<Value>? = nil,
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async throws(TrackerError) -> Committed<Value> {
        try await commit(request, remembering: remembered, body) { $0 }
    }

    /// What `commit` with the same `body` would give if nothing else happened meanwhile, without doing it.
    ///
    /// It works on the newest durable state and holds nobody up.
    ///
    /// - Returns: what the commit would give, and the state that it would change.
    /// - Throws: what `body` throws.
    public nonisolated func dryRun<Value: Sendable>(
        _ request: TrackerRequest, _ body: @Sendable (inout Draft) throws(TrackerError) -> Value
    ) throws(TrackerError) -> (outcome: Committed<Value>, base: Snapshot) {
        let base = snapshot
        var draft = Draft(over: base, request: request, environment: environment)
        let value = try draft.run(body)
        return (draft.conclude(value, at: environment.now()).committed, base)
    }

    /// What a commit gave.
    public struct Committed<Value: Sendable>: Sendable {
        /// What the body returned.
        public let value: Value
        /// The state with the change, after all that followed from it.
        public let snapshot: Snapshot
        /// What changed; empty if the body changed nothing, and then there was no new revision.
        public let changes: [ObjectChange]
    }
}

extension DataTracker.Committed<StoredObject> {
    /// The object of type `typeName` that the body answered, after all that followed from the change; of one that is gone, as
    /// the body answered it.
    public func object(_ typeName: TypeName) -> StoredObject { snapshot[ObjectID(typeName, value.key)] ?? value }
}

/// How writes are drafted.
extension DataTracker {
    /// Drafts a write over the newest state itself, and takes it back there if it is refused.
    ///
    /// - Returns: false if that cannot be, since others hold locks or wait for some; then nothing has happened.
    func draftInPlace<Value: Sendable, Outcome: Sendable>(_ write: Write<Value, Outcome>) -> Bool {
        guard locks.isIdle || locks.passes(catalog.locks(for: write.request.scope)) else { return false }
        var draft = Draft(over: takeNewest(), request: write.request, environment: environment)
        let stack = draft.view.stack
        var pending = Committer.Pending(record: nil, extra: WriteBatch(), waiter: write)
        do throws(TrackerError) {
            let value = try draft.run(write.body)
            let time = environment.now()
            let (committed, record) = draft.conclude(value, at: time)
            pending = write.pending(committed, record, draft, at: time)
            write.drafted(.success(write.keep(committed)))
        } catch {
            draft.revert(to: stack)
            write.drafted(.failure(error))
        }
        head = draft.view
        queue(pending)
        return true
    }

    /// Drafts a write under locks: a large one beside the writer's thread, a small one on it. Others overtake a large one; if
    /// they changed what it looked at, it is drafted once more while they wait.
    func draftUnderLocks<Value: Sendable, Outcome: Sendable>(_ write: Write<Value, Outcome>) async {
        var set = catalog.locks(for: write.request.scope)
        let isLarge = write.request.scope.isLarge
        while true {
            let ticket: LockQueue.Ticket
            do throws(TrackerError) {
                ticket = try await locks.acquire(set, for: write.request)
            } catch {
                return write.refuse(error)
            }
            let generation = generation
            let watch = DraftWatch(set, catalog, isBeside: isLarge)
            var draft = Draft(over: newest, request: write.request, environment: environment)
            draft.view.watch = watch
            // Those that pass it may change more than they have locks for, whatever locks it has itself.
            if isLarge { overtaking[ticket] = [] }
            let result = isLarge ? await draft.runBeside(write.body) : draft.result(write.body)
            if isLarge, case .success = result { await makeRoom(for: draft) }
            let others = overtaking.removeValue(forKey: ticket) ?? []
            let isVoid = isLarge ? watch.isOvertaken(by: others) : watch.isExceeded
            if isVoid || self.generation != generation {
                // It looked at what others changed, or were free to, or the state under it came to nothing: once more.
                let isFirm = set.manner != .optimistic
                if isVoid { set = watch.isExceeded || isFirm ? .everything : set.taken(.firm) }
                locks.release(ticket)
                continue
            }
            let committed = enqueue(write, &draft, result, watch.changedTypes)
            locks.release(ticket)
            guard let committed else { return }
            return write.drafted(.success(isLarge ? await write.keepBeside(committed) : write.keep(committed)))
        }
    }

    /// Waits until the store can take a large draft at once, so that small ones do not wait behind it.
    private nonisolated func makeRoom(for draft: Draft) async {
        let byteCount = draft.changeList.changes.reduce(0) { sum, change in
            let documents = [change.before, change.after].compactMap { $0?.document.bytes.count }
            return sum + documents.reduce(0, +) + 4 * change.id.key.count + 256
        }
        await BlockingPool.shared.run { [store] in store.makeRoom(for: byteCount) }
    }

    /// Puts what was drafted under locks on the newest state, and queues it.
    ///
    /// - Returns: what the commit gave; nil if it was refused.
    private func enqueue<Value: Sendable, Outcome: Sendable>(
        _ write: Write<Value, Outcome>, _ draft: inout Draft, _ result: Result<Value, TrackerError>,
        _ changedTypes: Set<TypeName>
    ) -> Committed<Value>? {
        switch result {
        case .success(let value):
            draft.rebase(onto: newest, changedTypes)
            let time = environment.now()
            let (committed, record) = draft.conclude(value, at: time)
            head = committed.snapshot
            queue(write.pending(committed, record, draft, at: time))
            return committed
        case .failure(let error):
            write.drafted(.failure(error))
            queue(Committer.Pending(record: nil, extra: WriteBatch(), waiter: write))
            return nil
        }
    }
}

extension Write {
    /// What is to be written of a drafted write.
    fileprivate func pending(
        _ committed: DataTracker.Committed<Value>, _ record: CommitRecord?, _ draft: Draft, at time: Timestamp
    ) -> Committer.Pending {
        var extra = draft.extra
        if let remembered { extra.append(remembered.batch(for: committed, at: time)) }
        return Committer.Pending(record: record, extra: extra, side: draft.side, waiter: self)
    }

    /// What is to be answered, made on another thread than the writer's.
    @concurrent fileprivate func keepBeside(_ committed: DataTracker.Committed<Value>) async -> Outcome {
        keep(committed)
    }
}

extension Draft {
    /// Has `body` work on the draft, and checks what can be checked only then.
    mutating func run<Value>(
        _ body: (inout Draft) throws(TrackerError) -> Value
    ) throws(TrackerError) -> Value {
        let value = try body(&self)
        try finishChecks()
        return value
    }

    /// What comes of `run`.
    fileprivate mutating func result<Value>(
        _ body: (inout Draft) throws(TrackerError) -> Value
    ) -> Result<Value, TrackerError> {
        Result { () throws(TrackerError) in try run(body) }
    }

    /// What comes of `run` on another thread than the caller's.
    @concurrent fileprivate mutating func runBeside<Value: Sendable>(
        _ body: @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async -> Result<Value, TrackerError> {
        result(body)
    }

    /// Ends the draft: what the commit gives, and its record; no record, and the state's own revision, if nothing changed.
    fileprivate mutating func conclude<Value: Sendable>(
        _ value: Value, at time: Timestamp
    ) -> (committed: DataTracker.Committed<Value>, record: CommitRecord?) {
        let changes = changeList.changes
        let record = CommitRecord(of: self, changes, at: time)
        if record == nil { view.revision = Revision(revision.number - 1) }
        return (DataTracker.Committed(value: value, snapshot: view, changes: changes), record)
    }
}
