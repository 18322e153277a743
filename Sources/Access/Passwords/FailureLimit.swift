import Basics
import JSON
import Tracker

/// Who tries to log in as whom.
struct LoginAttempt: Hashable, Sendable {
    let origin: LoginOrigin
    private let user: Identifier

    /// The longest part of a name that is kept, in bytes: no name that a user can have is longer.
    private static let longestName = 512

    /// An attempt to log in as `user` from `address`, nil where there is none.
    init(_ user: String, from address: String?) {
        origin = LoginOrigin(address)
        let isShort = user.utf8.count <= Self.longestName
        self.user = Identifier(
            isShort ? user : String(decoding: user.utf8.prefix(Self.longestName), as: UTF8.self))
    }
}

/// Counts failed logins, and says when there were too many: a leaky bucket for each key.
struct FailureLimit<Key: Hashable & Sendable>: Sendable {
    /// How many failures in a row are let pass.
    private let burst: Int
    /// How long it takes for one failure to be forgotten.
    private let decay: Duration
    /// When all failures so far will be forgotten.
    private var clear: BoundedCache<Key, Timestamp>

    /// A limit of `burst` failures, one of which is forgotten every `decay`.
    ///
    /// - Parameter capacity: for how many keys there is room; when it runs out, those not seen for longest are forgotten.
    init(burst: Int, decay: Duration, capacity: Int = 20_000) {
        self.burst = burst
        self.decay = decay
        clear = BoundedCache(limit: capacity)
    }

    /// How long to wait before an attempt of `key` may be made; nil if it may be made now.
    mutating func wait(for key: Key, at now: Timestamp) -> Duration? {
        let wait = rest(of: key, at: now) - decay * (burst - 1)
        return wait > .zero ? wait : nil
    }

    /// Counts an attempt as failed, before its outcome is known: many at once are to get no further than one at a time.
    mutating func begin(_ key: Key, at now: Timestamp) {
        clear[key] = now + rest(of: key, at: now) + decay
    }

    /// Forgets all failures of `key`, an attempt of which has turned out well.
    mutating func succeed(_ key: Key) { clear[key] = nil }

    /// Takes back what ``begin(_:at:)`` counted, since the attempt has not failed.
    mutating func abandon(_ key: Key, at now: Timestamp) {
        clear[key] = now + max(.zero, rest(of: key, at: now) - decay)
    }

    /// How long it takes until all failures are forgotten; a clock that was set back does not make it longer.
    private mutating func rest(of key: Key, at now: Timestamp) -> Duration {
        guard let clear = clear[key] else { return .zero }
        return max(.zero, min(clear - now, decay * burst))
    }
}
