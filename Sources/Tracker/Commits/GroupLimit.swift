import Basics

/// How many commits are written at once at the most.
///
/// Those who wait for a group can go on while the next one is drafted, so groups are small as long as the disk takes no longer
/// than the drafts. When it does, the time goes by with waiting for it, and more commits share each wait.
struct GroupLimit: Sendable {
    private static let range = 32...256

    /// The limit.
    private(set) var count = range.lowerBound
    /// When the last group was written; nil before the first.
    private var last: ContinuousClock.Instant?

    /// Has `write` write a group, and learns from how long that takes.
    ///
    /// - Parameters:
    ///   - size: how many commits the group has.
    ///   - clock: measures it.
    mutating func measure<Value>(_ size: Int, by clock: any TimeSource, _ write: () -> Value) -> Value {
        let begin = clock.instant()
        let value = write()
        let end = clock.instant()
        if let last { adjust(after: size, drafting: last.duration(to: begin), writing: begin.duration(to: end)) }
        last = end
        return value
    }

    /// Learns from a group: how many commits it had, how long they took to be drafted and how long to be written.
    mutating func adjust(after size: Int, drafting: Duration, writing: Duration) {
        // A small group tells nothing: there was nothing else to do.
        guard size > count / 2 else { return }
        count = writing > drafting ? min(count * 2, Self.range.upperBound) : max(count / 2, Self.range.lowerBound)
    }
}
