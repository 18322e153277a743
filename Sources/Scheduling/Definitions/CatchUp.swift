/// What becomes of due times that passed while nobody could keep them: the server was down, the clock was set forward, or the
/// run before took longer than until the next one.
enum CatchUp: Sendable, Hashable {
    /// Nothing: what is late by more than ``grace`` seconds is left out.
    case skip
    /// One run, for the last of them.
    case once
    /// A run for each, one after the other, of the last so many.
    case all(Int)

    /// How late, in seconds, a run may be that is not caught up with: a server that starts or is busy has so long.
    static let grace: Int64 = 60

    /// The most runs that are caught up with.
    static let mostRuns = 100

    /// The due time to keep next, given that none was kept from `due` on; nil if there is none at present or ever.
    ///
    /// - Parameters:
    ///   - due: a due time that is not after `now`.
    ///   - jitter: how much later than due a run may be meant to begin.
    func next(from due: Int64, by now: Int64, jitter: Int64, of recurrence: Recurrence) -> Int64? {
        switch self {
        case .skip:
            let last = recurrence.last(by: now, from: due)
            return now - last > Self.grace + jitter ? recurrence.next(after: now, from: last) : last
        case .once: return recurrence.last(by: now, from: due)
        case .all(let limit): return Self.first(ofLast: limit, from: due, by: now, of: recurrence)
        }
    }

    /// The first of the last `limit` due times from `due` on by `now`.
    private static func first(ofLast limit: Int, from due: Int64, by now: Int64, of recurrence: Recurrence) -> Int64 {
        var (count, probe) = (1, due)
        while count <= limit, let next = recurrence.next(after: probe, from: due), next <= now {
            (count, probe) = (count + 1, next)
        }
        if count <= limit { return due }
        var first = recurrence.last(by: now, from: due)
        for _ in 1..<max(1, limit) { first = recurrence.last(by: first - 1, from: due) }
        return first
    }
}
