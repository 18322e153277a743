import Basics
import Dispatch
import Glibc
import Store
import Synchronization

/// Something to do on the writer's thread that is no task.
protocol WriterJob: AnyObject, Sendable {
    /// Whose state it changes.
    var tracker: DataTracker { get }

    /// Does it.
    func run(on tracker: isolated DataTracker)
}

/// The thread on which a tracker's newest state is changed and made durable: it does one thing after the other, in the order
/// in which they came.
///
/// It is the executor of the tracker's actor, and takes jobs too, for which nobody needs a task. A thread of its own because it
/// waits for the disk, which those of the shared pool must not.
final class WriterThread: SerialExecutor {
    private enum Work {
        /// A part of a task.
        case task(UnownedJob)
        case job(any WriterJob)
        /// Writing what was queued.
        case flush(DataTracker)
    }

    private struct State {
        var waiting: [Work] = []
        /// Whose queue is to be written once nothing waits.
        var last: DataTracker?
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
        do throws(SystemThreadError) {
            try SystemThread { [self] in run() }.detach()
        } catch {
            throw StoreError(error)
        }
    }

    /// Does what still waits, and ends the thread.
    func stop() { wake { $0.isStopping = true } }

    /// Does `job` on the thread, after all that waits.
    func run(_ job: any WriterJob) { wake { $0.waiting.append(.job(job)) } }

    /// Has the tracker write what is queued once nothing else waits.
    func flushLast(_ tracker: DataTracker) { wake { $0.last = tracker } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        wake { $0.waiting.append(.task(job)) }
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
                case .task(let job): job.runSynchronously(on: asUnownedSerialExecutor())
                case .job(let job): job.tracker.assumeIsolated { job.run(on: $0) }
                case .flush(let tracker): tracker.assumeIsolated { $0.flush() }
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
                if work.isEmpty, let last = state.last.take() { work.append(.flush(last)) }
                state.isAsleep = work.isEmpty && !state.isStopping
                return state.isStopping
            }
            if !work.isEmpty { return true }
            if isStopping { return false }
            bell.wait()
        }
    }
}
