import Synchronization

/// Work of a kind that waits for its turn on the threads of a ``BlockingPool``: so much at once, and so much waiting.
///
/// Owners take turns, whoever has how much waiting; and where there is no room for more, the owner with the most waiting gives
/// way. So a flood from one delays another by no more than what is being done.
public final class WorkQueue<Owner: Hashable & Sendable>: Sendable {
    fileprivate struct Job: Sendable {
        let run: @Sendable () -> Void
        let refuse: @Sendable () -> Void
    }

    fileprivate struct State: Sendable {
        /// Never empty lists, oldest first.
        var waiting: [Owner: ArraySlice<Job>] = [:]
        /// The owners with something waiting from `first` on, the next one first.
        var turns: [Owner?] = []
        var first = 0
        var waitingCount = 0
        var running = 0
        var total = 0
    }

    private let width: Int
    private let limit: Int
    private let pool: BlockingPool
    private let state = Mutex(State())

    /// An empty queue.
    ///
    /// - Parameters:
    ///   - width: how much is done at once.
    ///   - limit: how much may be done or waiting; beyond that somebody is refused.
    ///   - pool: the threads.
    public init(width: Int, limit: Int = .max, on pool: BlockingPool = .shared) {
        (self.width, self.limit, self.pool) = (width, limit, pool)
    }

    /// How much was taken in and not refused, since the beginning.
    public var total: Int { state.withLock { $0.total } }

    /// The result of `body`, which is run on a thread of the pool when it is the turn of `owner`; nil if it was refused.
    ///
    /// - Throws: what `body` throws.
    public func run<Value: Sendable, Failure: Error>(
        for owner: Owner, _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value? {
        let result: Result<Value, Failure>? = await withCheckedContinuation { continuation in
            let run = { @Sendable in continuation.resume(returning: Result { () throws(Failure) in try body() }) }
            add(Job(run: run, refuse: { continuation.resume(returning: nil) }), of: owner)
        }
        return try result?.get()
    }

    private func add(_ job: Job, of owner: Owner) {
        let (refused, startsThread) = state.withLock { state -> (Job?, Bool) in
            var refused: Job?
            if state.waitingCount + state.running >= limit {
                refused = state.makeRoom(for: owner)
                guard refused != nil else { return (job, false) }
            }
            state.append(job, of: owner)
            guard state.running < width else { return (refused, false) }
            state.running += 1
            return (refused, true)
        }
        refused?.refuse()
        if startsThread { pool.submit { self.runAll() } }
    }

    private func runAll() {
        while let job = state.withLock({ $0.next() }) { job.run() }
    }
}

/// The owner of all work where nobody takes turns.
public enum SoleOwner: Hashable, Sendable { case sole }

extension WorkQueue where Owner == SoleOwner {
    /// The result of `body`, which is run on a thread of the pool when all that came before has begun; nil if too much waits.
    ///
    /// - Throws: what `body` throws.
    public func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value? {
        try await run(for: .sole, body)
    }
}

extension WorkQueue.State {
    fileprivate mutating func append(_ job: WorkQueue.Job, of owner: Owner) {
        if waiting[owner] == nil { turns.append(owner) }
        waiting[owner, default: []].append(job)
        waitingCount += 1
        total += 1
    }

    /// The job whose turn it is; without one the thread that asks is at its end.
    fileprivate mutating func next() -> WorkQueue.Job? {
        guard first < turns.count, let owner = turns[first].take(), let job = waiting[owner]?.popFirst() else {
            running -= 1
            return nil
        }
        first += 1
        if first == turns.count || first > 64 && first * 2 > turns.count {
            turns.removeFirst(first)
            first = 0
        }
        if waiting[owner]?.isEmpty == true { waiting[owner] = nil } else { turns.append(owner) }
        waitingCount -= 1
        return job
    }

    /// Takes out the newest job of the owner with the most, if that has more than `owner` would have.
    fileprivate mutating func makeRoom(for owner: Owner) -> WorkQueue.Job? {
        let own = waiting[owner]?.count ?? 0
        guard let (busiest, jobs) = waiting.max(by: { $0.value.count < $1.value.count }), jobs.count > own + 1 else {
            return nil
        }
        waitingCount -= 1
        total -= 1
        return waiting[busiest]?.popLast()
    }
}
