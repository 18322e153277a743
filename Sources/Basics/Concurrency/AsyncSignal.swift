import Synchronization

/// Wakes one task. Ringing while nobody waits is remembered, so that nothing is missed between looking and waiting.
public final class AsyncSignal: Sendable {
    private enum State: Sendable {
        case silent
        case rung
        case awaited(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.silent)

    /// A silent bell.
    public init() {}

    /// Wakes the task that waits, or keeps the next wait from waiting.
    public func ring() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard case .awaited(let waiter) = state else {
                state = .rung
                return nil
            }
            state = .silent
            return waiter
        }
        waiter?.resume()
    }

    /// Returns once the bell has rung, or the task is cancelled. Only one task may wait at a time.
    public func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isRung = state.withLock { state in
                    switch state {
                    case .rung:
                        state = .silent
                        return true
                    case .silent:
                        state = .awaited(continuation)
                        return false
                    case .awaited: preconditionFailure("two tasks wait for one bell")
                    }
                }
                if isRung { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
    }
}
