import Synchronization

/// One write on its way through the tracker: what is asked, how far it has come, and who is to be answered.
///
/// ```
/// begun ─┬─ small, and no locks are in its way ─────────▶ drafted in place ──────────┬─▶ queued ─▶ durable ─▶ answered
///        └─ else ─▶ waiting for locks ─▶ drafted ─▶ put on the newest state ─────────┘       └──▶ failed ──▶ answered
///                      │        ▲           │
///                      │        └───────────┘ others changed what it looked at, or the state under it became void
///                      └─ cancelled ─▶ answered
/// ```
///
/// - A small write is drafted on the writer's thread, over the newest state itself. A large one is drafted beside it, under locks
///   on the types that it reads and writes; small ones wait for locks too where one of these is in their way.
/// - A write that its body refuses is queued as well, with nothing to be written: it may have been refused because of what is
///   queued, which nobody may hear of before it is durable.
/// - Queued writes become durable together. Of a large one the answer is made meanwhile; whichever is done last, the disk or
///   that, answers. If the store fails, all that was queued has failed, and what is being drafted is drafted again.
/// - It is answered once. Only while it waits for locks can it be cancelled.
///
/// All of this but drafting and answering a large write happens on the writer's thread.
final class Write<Value: Sendable, Outcome: Sendable>: WriterJob, CommitWaiter {
    /// Who is told what came of a write.
    typealias Answer = @Sendable (Result<Outcome, TrackerError>) -> Void

    /// On whose behalf.
    let request: TrackerRequest
    /// Makes the change, on a draft.
    let body: @Sendable (inout Draft) throws(TrackerError) -> Value
    /// The answer that is kept with the change, for when the client sends the request again.
    let remembered: IdempotentResponse<Value>?
    /// Makes what is answered of what the draft gave.
    let keep: @Sendable (DataTracker.Committed<Value>) -> Outcome

    let tracker: DataTracker
    private let state = Mutex(State())

    private struct State {
        /// Told what came of the write; nil before it begins and once it is answered.
        var answer: Answer?
        /// What the draft gave; nil while there is none.
        var outcome: Result<Outcome, TrackerError>?
        /// What the store said; nil while it has not.
        var durability: Result<Void, TrackerError>?
        /// Waits for locks and drafts under them; nil for a write that is drafted in place.
        var task: Task<Void, Never>?
        var isCancelled = false
    }

    init(
        _ tracker: DataTracker, _ request: TrackerRequest, _ remembered: IdempotentResponse<Value>?,
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value,
        _ keep: @escaping @Sendable (DataTracker.Committed<Value>) -> Outcome
    ) {
        self.tracker = tracker
        self.request = request
        self.remembered = remembered
        self.body = body
        self.keep = keep
    }

    /// Sets the write on its way; `answer` is told what came of it.
    func begin(then answer: @escaping Answer) {
        state.withLock { $0.answer = answer }
        if request.scope.isLarge {
            draftUnderLocks()
        } else {
            tracker.thread.run(self)
        }
    }

    /// The first step of a small write, on the writer's thread.
    func run(on tracker: isolated DataTracker) {
        if !tracker.draftInPlace(self) { draftUnderLocks() }
    }

    /// Has a task wait for locks and draft under them.
    private func draftUnderLocks() {
        state.withLock { state in
            let task = Task { await tracker.draftUnderLocks(self) }
            state.task = task
            if state.isCancelled { task.cancel() }
        }
    }

    /// Gives up waiting for locks; what is further on its way goes on.
    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }

    /// Notes what the draft gave.
    func drafted(_ outcome: Result<Outcome, TrackerError>) { note { $0.outcome = outcome } }

    /// Notes whether what was queued is durable.
    func finish(_ durability: Result<Void, TrackerError>) { note { $0.durability = durability } }

    /// Answers a write that never was queued, since it got no locks.
    func refuse(_ error: TrackerError) { note { ($0.outcome, $0.durability) = (.failure(error), .success(())) } }

    /// Notes something, and answers if all is known then.
    private func note(_ change: (inout State) -> Void) {
        let (answer, result): (Answer?, Result<Outcome, TrackerError>?) = state.withLock { state in
            change(&state)
            guard let outcome = state.outcome, let durability = state.durability else { return (nil, nil) }
            state.task = nil
            return (state.answer.take(), durability.flatMap { outcome })
        }
        if let answer, let result { answer(result) }
    }
}
