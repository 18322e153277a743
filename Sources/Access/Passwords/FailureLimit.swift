import Tracker

/// Counts failed logins, and says when there were too many: a leaky bucket for each pair of address and user.
struct FailureLimit: Sendable {
    /// Who tries to log in as whom.
    struct Attempt: Hashable, Sendable {
        /// The client's address; nil where there is none, as in tests.
        let address: String?
        let user: String
    }

    /// How many failures in a row are let pass.
    private let burst: Int
    /// How long it takes for one failure to be forgotten.
    private let decay: Duration
    /// When all failures so far will be forgotten.
    private var clear: BoundedCache<Attempt, Timestamp>

    /// A limit of `burst` failures, one of which is forgotten every `decay`.
    ///
    /// - Parameter capacity: for how many pairs there is room; when it runs out, those not seen for longest are forgotten.
    init(burst: Int, decay: Duration, capacity: Int = 20_000) {
        self.burst = burst
        self.decay = decay
        clear = BoundedCache(limit: capacity)
    }

    /// How long to wait before `attempt` may be made; nil if it may be made now.
    mutating func wait(for attempt: Attempt, at now: Timestamp) -> Duration? {
        let wait = rest(of: attempt, at: now) - decay * (burst - 1)
        return wait > .zero ? wait : nil
    }

    /// Counts an attempt as failed, before its outcome is known: many at once are to get no further than one at a time.
    mutating func begin(_ attempt: Attempt, at now: Timestamp) {
        clear[attempt] = now + rest(of: attempt, at: now) + decay
    }

    /// Forgets all failures of `attempt`, which has turned out well.
    mutating func succeed(_ attempt: Attempt) { clear[attempt] = nil }

    /// Takes back what ``begin(_:at:)`` counted, since the attempt has come to no outcome.
    mutating func abandon(_ attempt: Attempt, at now: Timestamp) {
        clear[attempt] = now + max(.zero, rest(of: attempt, at: now) - decay)
    }

    /// How long it takes until all failures are forgotten; a clock that was set back does not make it longer.
    private mutating func rest(of attempt: Attempt, at now: Timestamp) -> Duration {
        guard let clear = clear[attempt] else { return .zero }
        return max(.zero, min(clear - now, decay * burst))
    }
}
