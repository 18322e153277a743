import Synchronization

/// A limit of one log line a second for something that clients can make happen as often as they like.
final class LogThrottle: Sendable {
    private struct State: Sendable {
        var last: ContinuousClock.Instant?
        /// How often it has happened since the last line.
        var count = 0
    }

    private static let pause = Duration.seconds(1)

    private let state = Mutex(State())

    /// Counts an occurrence, and has `say` write a line unless the last line is too recent.
    ///
    /// - Parameter say: given how often it happened since the last line, this time included.
    func note(_ say: (_ count: Int) -> Void) {
        let now = ContinuousClock.now
        let due: Int? = state.withLock { state in
            state.count += 1
            if let last = state.last, last.duration(to: now) < Self.pause { return nil }
            defer { state = State(last: now, count: 0) }
            return state.count
        }
        if let due { say(due) }
    }
}
