import Dispatch
import Glibc
import Store
import Synchronization

/// The thread on which a tracker's newest state is changed and made durable: it does one thing after the other, in the order
/// in which they came.
///
/// It is the executor of the tracker's actor, and takes plain calls too, for which nobody needs a task. A thread of its own
/// because it waits for the disk, which those of the shared pool must not.
final class WriterThread: SerialExecutor {
    private enum Work {
        case job(UnownedJob)
        case call(@Sendable () -> Void)
    }

    private struct State {
        var waiting: [Work] = []
        /// What is put off until nothing waits.
        var last: (@Sendable () -> Void)?
        var isAsleep = false
        var isStopping = false
    }

    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)
    /// The running thread's `pthread_self`; 0 before it runs.
    private let identity = Atomic<UInt>(0)

    /// Starts the thread. It runs until it is stopped.
    ///
    /// - Throws: what the system says, if it has no more threads.
    init() throws(StoreError) {
        try SystemThread { [self] in run() }.detach()
    }

    /// Does what still waits, and ends the thread.
    func stop() { wake { $0.isStopping = true } }

    /// Has `body` run on the thread, after all that waits.
    func call(_ body: @escaping @Sendable () -> Void) { wake { $0.waiting.append(.call(body)) } }

    /// Has `body` run on the thread when nothing waits. It takes the place of what was put off before.
    func callLast(_ body: @escaping @Sendable () -> Void) { wake { $0.last = body } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        wake { $0.waiting.append(.job(job)) }
    }

    func checkIsolated() {
        precondition(isIsolatingCurrentContext() == true, "only the writer's thread may change the newest state")
    }

    func isIsolatingCurrentContext() -> Bool? { identity.load(ordering: .relaxed) == pthread_self() }

    private func wake(_ change: (inout State) -> Void) {
        let wasAsleep = state.withLock { state in
            change(&state)
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if wasAsleep { bell.signal() }
    }

    private func run() {
        identity.store(pthread_self(), ordering: .relaxed)
        var work: [Work] = []
        while takeWork(&work) {
            for piece in work {
                switch piece {
                case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
                case .call(let body): body()
                }
            }
            work.removeAll(keepingCapacity: true)
        }
    }

    /// Waits for something to do.
    ///
    /// - Parameter work: comes empty, and becomes what waits.
    /// - Returns: false when the thread is to end.
    private func takeWork(_ work: inout [Work]) -> Bool {
        while true {
            let isStopping = state.withLock { state in
                swap(&work, &state.waiting)
                if work.isEmpty, let last = state.last.take() { work.append(.call(last)) }
                state.isAsleep = work.isEmpty && !state.isStopping
                return state.isStopping
            }
            if !work.isEmpty { return true }
            if isStopping { return false }
            bell.wait()
        }
    }
}
