import Glibc
import Synchronization

/// A thread for a test that blocks, which tasks must not do.
public struct BackgroundThread<Outcome: Sendable>: Sendable {
    private let thread: pthread_t
    private let slot: Slot<Outcome>

    /// Starts a thread that runs `body`.
    public init(_ body: @escaping @Sendable () -> Outcome) {
        let slot = Slot<Outcome>()
        thread = startThread {
            let outcome = body()
            slot.outcome.withLock { $0 = outcome }
        }
        self.slot = slot
    }

    /// Waits for the thread to end and gives what `body` returned. To be called once.
    public func join() -> Outcome {
        pthread_join(thread, nil)
        guard let outcome = slot.outcome.withLock({ $0 }) else {
            preconditionFailure("the thread ended without an outcome")
        }
        return outcome
    }
}

private final class Slot<Outcome: Sendable>: Sendable {
    let outcome = Mutex<Outcome?>(nil)
}

private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}

private func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
    var thread = pthread_t()
    let created = pthread_create(
        &thread, nil,
        { argument in
            if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, Unmanaged.passRetained(Work(body)).toOpaque())
    precondition(created == 0, "cannot start a thread: \(String(cString: strerror(created)))")
    return thread
}
