/// Threads for work that blocks or takes long: reads of a disk, hashes, long answers. Tasks and event loops, whose threads must
/// not wait, hand it over and go on when it is done.
///
/// Threads start when there is work for them, and end when there has been none for a while. Who may have much to do limits it by
/// a ``WorkQueue``.
public final class BlockingPool: Sendable {
    /// The pool of the process.
    public static let shared = BlockingPool(threads: 64)

    typealias Work = @Sendable () -> Void

    fileprivate struct State: Sendable {
        /// What no thread has taken yet, from `first` on.
        var waiting: [Work?] = []
        var first = 0
        var threads = 0
        /// How many threads wait for work.
        var sleeping = 0

        var waitingCount: Int { waiting.count - first }
    }

    private let most: Int
    private let patience: Duration
    private let monitor = Monitor(State())

    /// A pool.
    ///
    /// - Parameters:
    ///   - threads: the most threads at once.
    ///   - patience: how long a thread waits for work before it ends.
    init(threads: Int, patience: Duration = .seconds(10)) { (most, self.patience) = (threads, patience) }

    /// How many threads there are.
    var threadCount: Int { monitor.withLock { $0.threads } }

    /// The result of `body`, which is run on one of the threads.
    ///
    /// - Throws: what `body` throws.
    public func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            submit { continuation.resume(returning: Result { () throws(Failure) in try body() }) }
        }
        return try result.get()
    }

    /// Has `work` run on one of the threads; returns at once.
    public func submit(_ work: @escaping @Sendable () -> Void) {
        let startsThread = monitor.withLock { state in
            state.waiting.append(work)
            // Each of those who sleep takes one piece of work.
            if state.sleeping >= state.waitingCount { return false }
            guard state.threads < most else { return false }
            state.threads += 1
            return true
        }
        guard startsThread else { return monitor.wakeOne() }
        do throws(SystemThreadError) {
            try SystemThread { self.runAll() }.detach()
        } catch {
            // The threads that there are do it; without any it is better done here than never.
            let isAlone = monitor.withLock { state in
                state.threads -= 1
                return state.threads == 0
            }
            if isAlone { while let work = monitor.withLock({ $0.next() }) { work() } }
        }
    }

    private func runAll() { while let work = nextWork() { work() } }

    /// What a thread does next; nil when it is to end.
    private func nextWork() -> Work? {
        var isSleeping = false
        var end: ContinuousClock.Instant?
        return monitor.wait { state in
            if isSleeping { state.sleeping -= 1 }
            if let work = state.next() { return .done(work) }
            let now = ContinuousClock.now
            end = end ?? now + patience
            guard let end, now < end else {
                state.threads -= 1
                return .done(nil)
            }
            state.sleeping += 1
            isSleeping = true
            return .waitAtMost(now.duration(to: end))
        }
    }
}

extension BlockingPool.State {
    fileprivate mutating func next() -> BlockingPool.Work? {
        guard first < waiting.count else { return nil }
        defer {
            first += 1
            if first == waiting.count { (waiting, first) = ([], 0) }
        }
        return waiting[first].take()
    }
}
