import Dispatch
import Synchronization

/// Threads for hashing passwords, so that the cooperative pool and its requests are not held up by scrypt.
///
/// Origins take turns, whoever has how much waiting; and where there is no room for more, the origin with the most waiting gives
/// way. So a flood from one delays another's login by no more than the hashes that are being made.
final class HashingQueue: Sendable {
    /// A hash to be made.
    fileprivate struct Job: Sendable {
        let run: @Sendable () -> Void
        let refuse: @Sendable () -> Void
    }

    fileprivate struct State {
        /// Never empty lists, oldest first.
        var waiting: [LoginOrigin: [Job]] = [:]
        /// The origins with something waiting, the next one first.
        var turns: [LoginOrigin] = []
        var waitingCount = 0
        /// How many threads are at work.
        var running = 0
        var total = 0
    }

    private let threads = DispatchQueue(label: "muster.passwords", qos: .userInitiated, attributes: .concurrent)
    private let width: Int
    private let limit: Int
    private let state = Mutex(State())

    /// A number of threads.
    ///
    /// - Parameters:
    ///   - width: how many hashes are computed at once.
    ///   - limit: how many may be computed or waiting; beyond that somebody is refused.
    init(width: Int, limit: Int) {
        self.width = width
        self.limit = limit
    }

    /// How many passwords were hashed or wait for it.
    var total: Int { state.withLock { $0.total } }

    /// Runs `work` on one of the threads, when it is the turn of `origin`.
    ///
    /// - Throws: `busy` when too much is waiting already.
    func run<Result: Sendable>(
        from origin: LoginOrigin, _ work: @escaping @Sendable () -> Result
    ) async throws(AccessError) -> Result {
        let result: Result? = await withCheckedContinuation { continuation in
            add(
                Job(run: { continuation.resume(returning: work()) }, refuse: { continuation.resume(returning: nil) }),
                of: origin)
        }
        guard let result else { throw .busy }
        return result
    }

    private func add(_ job: Job, of origin: LoginOrigin) {
        let (refused, startsThread) = state.withLock { state -> (Job?, Bool) in
            var refused: Job?
            if state.waitingCount + state.running >= limit {
                refused = state.makeRoom(for: origin)
                guard refused != nil else { return (job, false) }
            }
            state.append(job, of: origin)
            guard state.running < width else { return (refused, false) }
            state.running += 1
            return (refused, true)
        }
        refused?.refuse()
        if startsThread { threads.async { self.runAll() } }
    }

    private func runAll() {
        while let job = state.withLock({ $0.next() }) { job.run() }
    }
}

extension HashingQueue.State {
    fileprivate mutating func append(_ job: HashingQueue.Job, of origin: LoginOrigin) {
        if waiting[origin] == nil { turns.append(origin) }
        waiting[origin, default: []].append(job)
        waitingCount += 1
        total += 1
    }

    /// The job whose turn it is; without one the thread that asks is at its end.
    fileprivate mutating func next() -> HashingQueue.Job? {
        guard let origin = turns.first, var jobs = waiting[origin] else {
            running -= 1
            return nil
        }
        turns.removeFirst()
        let job = jobs.removeFirst()
        waiting[origin] = jobs.isEmpty ? nil : jobs
        if !jobs.isEmpty { turns.append(origin) }
        waitingCount -= 1
        return job
    }

    /// Takes out the newest job of the origin with the most, if that has more than `origin` would have.
    fileprivate mutating func makeRoom(for origin: LoginOrigin) -> HashingQueue.Job? {
        let own = waiting[origin]?.count ?? 0
        guard let (busiest, jobs) = waiting.max(by: { $0.value.count < $1.value.count }), jobs.count > own + 1 else {
            return nil
        }
        waitingCount -= 1
        total -= 1
        return waiting[busiest]?.removeLast()
    }
}
