import Synchronization

/// What comes of a commit that was queued: settled once, by the committer, and awaited by one task at the most.
final class CommitOutcome: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Result<Void, TrackerError>, Never>)
        case settled(Result<Void, TrackerError>)
    }

    private let state = Mutex(State.open)

    /// Tells the outcome to whoever awaits it.
    func settle(_ result: Result<Void, TrackerError>) {
        let continuation: CheckedContinuation<Result<Void, TrackerError>, Never>? = state.withLock { state in
            defer { state = .settled(result) }
            guard case .awaited(let continuation) = state else { return nil }
            return continuation
        }
        continuation?.resume(returning: result)
    }

    /// The outcome, once it is known.
    var value: Result<Void, TrackerError> {
        get async {
            await withCheckedContinuation { continuation in
                let known: Result<Void, TrackerError>? = state.withLock { state in
                    switch state {
                    case .settled(let result): return result
                    case .open:
                        state = .awaited(continuation)
                        return nil
                    case .awaited: preconditionFailure("two tasks await one commit")
                    }
                }
                if let known { continuation.resume(returning: known) }
            }
        }
    }
}
