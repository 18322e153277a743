import Tracker

/// Counts failed logins, and says when there were too many: a leaky bucket for each pair of address and user.
struct FailureLimit: Sendable {
    /// Who tries to log in as whom.
    struct Attempt: Hashable, Sendable {
        /// The client's address; nil where there is none, as in tests.
        let address: String?
        let user: String
    }

    private struct Bucket: Sendable {
        var level: Double
        var time: Timestamp
    }

    /// How many failures in a row are let pass.
    let burst: Double
    /// How long it takes for one failure to be forgotten.
    let decay: Duration
    private var buckets: BoundedCache<Attempt, Bucket>

    /// A limit of `burst` failures, one of which is forgotten every `decay`.
    ///
    /// - Parameter capacity: for how many pairs there is room; when it runs out, those not seen for longest are forgotten.
    init(burst: Int, decay: Duration, capacity: Int = 20_000) {
        self.burst = Double(burst)
        self.decay = decay
        buckets = BoundedCache(limit: capacity)
    }

    /// How long to wait before `attempt` may be made; nil if it may be made now.
    mutating func wait(for attempt: Attempt, at now: Timestamp) -> Duration? {
        let excess = level(of: attempt, at: now) + 1 - burst
        return excess > 0 ? decay * excess : nil
    }

    /// Counts an attempt as failed, before its outcome is known: many at once are to get no further than one at a time.
    mutating func begin(_ attempt: Attempt, at now: Timestamp) {
        buckets[attempt] = Bucket(level: level(of: attempt, at: now) + 1, time: now)
    }

    /// Forgets all failures of `attempt`, which has turned out well.
    mutating func succeed(_ attempt: Attempt) { buckets[attempt] = nil }

    /// Takes back what ``begin(_:at:)`` counted, since the attempt has come to no outcome.
    mutating func abandon(_ attempt: Attempt, at now: Timestamp) {
        buckets[attempt] = Bucket(level: max(0, level(of: attempt, at: now) - 1), time: now)
    }

    private mutating func level(of attempt: Attempt, at now: Timestamp) -> Double {
        guard let bucket = buckets[attempt] else { return 0 }
        // A clock that was set back forgets nothing, and loses nothing.
        return max(0, bucket.level - max(0, (now - bucket.time) / decay))
    }
}
