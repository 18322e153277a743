import Basics

/// A thread that does the same work again and again, each time when it is due.
final class Checkpointer: Sendable {
    private struct State: Sendable {
        var thread: SystemThread?
        var isStopping = false
        /// When to work next; nil if there is nothing to do.
        var due: ContinuousClock.Instant?
    }

    private let monitor = Monitor(State())

    /// Starts the thread, unless it runs or has been stopped. It keeps what `work` refers to until it is stopped.
    ///
    /// - Returns: why it does not run, if the system has no more threads. Then writers checkpoint when the journal is full.
    func start(_ work: @escaping @Sendable () -> Void) -> StoreError? {
        monitor.withLock { state in
            if state.thread != nil || state.isStopping { return nil }
            do throws(SystemThreadError) {
                state.thread = try SystemThread(isBackground: true) { [self] in run(work) }
                return nil
            } catch {
                return StoreError(error)
            }
        }
    }

    /// Has the work done after some milliseconds, or earlier if it is due earlier.
    func schedule(afterMilliseconds delay: Int) {
        let time = ContinuousClock.now + .milliseconds(delay)
        let isEarlier = monitor.withLock { state in
            if let due = state.due, due <= time { return false }
            state.due = time
            return true
        }
        if isEarlier { monitor.wakeAll() }
    }

    /// Waits for work being done to end, and ends the thread.
    func stop() {
        let thread = monitor.withLock { state in
            state.isStopping = true
            return state.thread.take()
        }
        monitor.wakeAll()
        thread?.join()
    }

    private func run(_ work: () -> Void) {
        while waitUntilDue() { work() }
    }

    /// Returns true when there is work to do, and false when the thread shall end.
    private func waitUntilDue() -> Bool {
        monitor.wait { state in
            if state.isStopping { return .done(false) }
            guard let due = state.due else { return .wait }
            let rest = ContinuousClock.now.duration(to: due)
            if rest > .zero { return .waitAtMost(rest) }
            state.due = nil
            return .done(true)
        }
    }
}
