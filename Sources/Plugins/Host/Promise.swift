import Synchronization

/// A value that comes later, once, for one task that waits for it.
final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case pending
        case awaited(CheckedContinuation<Value?, Never>)
        case fulfilled(Value)
        case given
    }

    private let state = Mutex(State.pending)

    /// Gives the value; a second one is passed over.
    func fulfill(_ value: Value) {
        let waiter: CheckedContinuation<Value?, Never>? = state.withLock { state in
            switch state {
            case .pending: state = .fulfilled(value)
            case .awaited(let waiter):
                state = .given
                return waiter
            case .fulfilled, .given: break
            }
            return nil
        }
        waiter?.resume(returning: value)
    }

    /// The value, once it is there; nil if the task is cancelled first.
    var value: Value? {
        get async {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let known: Value?? = state.withLock { state in
                        if case .fulfilled(let value) = state { return .some(value) }
                        if Task.isCancelled { return .some(nil) }
                        state = .awaited(continuation)
                        return nil
                    }
                    if let known { continuation.resume(returning: known) }
                }
            } onCancel: {
                let waiter: CheckedContinuation<Value?, Never>? = state.withLock { state in
                    guard case .awaited(let waiter) = state else { return nil }
                    state = .given
                    return waiter
                }
                waiter?.resume(returning: nil)
            }
        }
    }
}
