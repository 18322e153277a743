import Synchronization

/// What of a store fails at present although no caller was told yet: for logs, health and metrics, at once.
///
/// What was acknowledged is safe and can be read all the same. Each part tells when it fails, and when it works again.
public final class StoreCondition: Sendable {
    /// The parts of a store that can fail behind a caller's back.
    public enum Part: String, CaseIterable, Sendable {
        /// The journal cannot be written; writes take the slower way past it.
        case journal
        /// What the journal has cannot be taken to its place; writes fail until it can.
        case checkpointing
    }

    private struct State {
        var failures: [Part: StoreError] = [:]
        var observer: (@Sendable (Part, StoreError?) -> Void)?
    }

    private let state = Mutex(State())

    /// Everything works.
    public init() {}

    /// What fails, and why.
    public var failures: [Part: StoreError] { state.withLock { $0.failures } }

    /// Has `observer` told of what fails now, and from now on whenever a part fails for another reason or works again (nil).
    /// It is called by whoever noticed, and must not call the store. There is one observer; the last one counts.
    public func observe(_ observer: @escaping @Sendable (Part, StoreError?) -> Void) {
        let failures = state.withLock { state in
            state.observer = observer
            return state.failures
        }
        for (part, error) in failures { observer(part, error) }
    }

    /// Notes that a part fails, or works.
    func report(_ part: Part, _ error: StoreError?) {
        let observer = state.withLock { state in
            if state.failures[part] == error { return nil as (@Sendable (Part, StoreError?) -> Void)? }
            state.failures[part] = error
            return state.observer
        }
        observer?(part, error)
    }
}
