public import Glibc

/// State behind a lock whose threads can wait until others have changed it: a mutex with a condition.
///
/// For threads only: a task must not wait. Unchecked, because the compiler cannot see that the state is touched only while the
/// mutex is held.
public final class Monitor<State>: @unchecked Sendable {
    /// What a look at the state comes to.
    public enum Look<Result> {
        /// The wait is over.
        case done(Result)
        /// To be repeated when somebody has called ``wakeAll()``.
        case wait
        /// To be repeated then, or when this time is over.
        case waitAtMost(Duration)
    }

    @usableFromInline let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    @usableFromInline let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    @usableFromInline let state: UnsafeMutablePointer<State>

    /// A monitor of `state`.
    public init(_ state: sending State) {
        self.state = .allocate(capacity: 1)
        self.state.initialize(to: state)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // A clock that is set must not prolong a wait.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        state.deinitialize(count: 1)
        state.deallocate()
        changed.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` on the state, alone.
    @inlinable
    public func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state.pointee)
    }

    /// Runs `look` on the state, alone, again and again until it is done; the thread sleeps in between, without the lock.
    @inlinable
    public func wait<Result, Failure: Error>(
        _ look: (inout State) throws(Failure) -> Look<Result>
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            switch try look(&state.pointee) {
            case .done(let result): return result
            case .wait: pthread_cond_wait(changed, mutex)
            case .waitAtMost(let time): sleep(atMost: time)
            }
        }
    }

    /// Has one thread that waits look again.
    @inlinable
    public func wakeOne() { pthread_cond_signal(changed) }

    /// Has all threads that wait look again.
    @inlinable
    public func wakeAll() { pthread_cond_broadcast(changed) }

    @usableFromInline
    func sleep(atMost time: Duration) {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let (seconds, attoseconds) = time.components
        let nanoseconds = now.tv_nsec + Int(attoseconds / 1_000_000_000)
        var end = timespec(
            tv_sec: now.tv_sec + Int(seconds) + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
        pthread_cond_timedwait(changed, mutex, &end)
    }
}
