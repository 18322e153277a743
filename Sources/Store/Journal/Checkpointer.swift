import Glibc

/// A thread that does the same work again and again, each time when it is due.
///
/// Unchecked, because the compiler cannot see that all variables are touched only while holding `mutex`.
final class Checkpointer: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var thread: SystemThread?
    private var isStopping = false
    /// When to work next, in nanoseconds of the monotonic clock; nil if there is nothing to do.
    private var due: UInt64?

    /// Makes a checkpointer whose thread does not run yet.
    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Starts the thread, unless it runs or has been stopped. It keeps what `work` refers to until it is stopped.
    func start(_ work: @escaping @Sendable () -> Void) {
        withMutex {
            if thread != nil || isStopping { return }
            // Without a thread, writers checkpoint when the journal is full.
            thread = try? SystemThread(isBackground: true) { [self] in run(work) }
        }
    }

    /// Has the work done after some milliseconds, or earlier if it is due earlier.
    func schedule(afterMilliseconds delay: Int) {
        withMutex {
            let time = Self.now + UInt64(delay) * 1_000_000
            if let due, due <= time { return }
            due = time
            pthread_cond_signal(changed)
        }
    }

    /// Waits for work being done to end, and ends the thread.
    func stop() {
        let thread = withMutex {
            isStopping = true
            pthread_cond_signal(changed)
            defer { self.thread = nil }
            return self.thread
        }
        thread?.join()
    }

    private func run(_ work: () -> Void) {
        while waitUntilDue() { work() }
    }

    /// Returns true when there is work to do, and false when the thread shall end.
    private func waitUntilDue() -> Bool {
        withMutex {
            while !isStopping {
                guard let due else {
                    pthread_cond_wait(changed, mutex)
                    continue
                }
                if due <= Self.now {
                    self.due = nil
                    return true
                }
                var time = timespec(tv_sec: Int(due / 1_000_000_000), tv_nsec: Int(due % 1_000_000_000))
                pthread_cond_timedwait(changed, mutex, &time)
            }
            return false
        }
    }

    private func withMutex<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
