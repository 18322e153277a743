/// How much of the past one step forgets, and how long the pause after it is.
///
/// Steps are small and pauses long while that suffices, since writers come first. While more comes than goes, steps grow and
/// pauses shrink, so that what is kept stays bounded whatever the load is.
struct ForgettingPace: Sendable {
    /// How much of the past should have gone already.
    struct Backlog: Sendable {
        /// The bytes that are too much.
        var bytes = 0
        /// For how long the oldest state has been too old.
        var overdue = Duration.zero
    }

    /// The usual number of versions that a step removes, at the most by the rest of a commit.
    static let gentleLimit = 256
    /// The most that a step may remove.
    static let largestLimit = 8192
    /// The usual pause between two steps while there is something to do.
    static let gentlePause = Duration.milliseconds(50)
    /// The shortest pause.
    static let shortestPause = Duration.milliseconds(1)

    /// How many versions the next step removes.
    private(set) var limit = Self.gentleLimit
    /// How long the pause before it is.
    private(set) var pause = Self.gentlePause

    private let retention: HistoryRetention
    private var last = Backlog()

    /// The pace that suits a retention.
    init(_ retention: HistoryRetention) { self.retention = retention }

    /// Chooses the pace by what a step has left.
    mutating func adjust(to backlog: Backlog) {
        defer { last = backlog }
        // A little too much is what steps are for.
        let isBehind = backlog.bytes > retention.size / 16 || backlog.overdue > retention.age / 16
        guard isBehind else {
            (limit, pause) = (Self.gentleLimit, Self.gentlePause)
            return
        }
        if backlog.bytes > last.bytes || backlog.overdue > last.overdue {
            (limit, pause) = (min(limit * 2, Self.largestLimit), max(pause / 2, Self.shortestPause))
        }
    }
}
