import Basics
import Store
import Synchronization

/// A thread for a test that blocks, which tasks must not do.
public struct BackgroundThread<Outcome: Sendable>: Sendable {
    private let thread: SystemThread
    private let slot: Slot<Outcome>

    /// Starts a thread that runs `body`.
    public init(_ body: @escaping @Sendable () -> Outcome) {
        let slot = Slot<Outcome>()
        do {
            thread = try SystemThread {
                let outcome = body()
                slot.outcome.withLock { $0 = outcome }
            }
        } catch {
            preconditionFailure("\(error)")
        }
        self.slot = slot
    }

    /// Waits for the thread to end and gives what `body` returned. To be called once.
    public func join() -> Outcome {
        thread.join()
        guard let outcome = slot.outcome.withLock({ $0 }) else {
            preconditionFailure("the thread ended without an outcome")
        }
        return outcome
    }
}

private final class Slot<Outcome: Sendable>: Sendable {
    let outcome = Mutex<Outcome?>(nil)
}
