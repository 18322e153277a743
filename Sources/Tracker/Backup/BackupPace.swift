/// How long a backup rests after each chunk.
///
/// While nobody writes it goes as fast as it can. While others do it takes a small part of the processors and the disk only,
/// so that they hardly notice it: a backup may take longer, and a writer may not.
struct BackupPace: Sendable {
    /// While others write, one part in so many of the time is the backup's.
    static let parts = 4
    /// The longest rest: where the processors were busy with something else, the chunk did not take so long by itself.
    static let longestRest = Duration.milliseconds(100)

    private var last: Revision

    /// The pace of a backup that begins at the state `revision`.
    init(at revision: Revision) { last = revision }

    /// How long to rest after a chunk that took so long to make.
    ///
    /// - Parameter newest: the newest state; if it is another than the last time, others write.
    mutating func rest(after time: Duration, newest: Revision) -> Duration {
        defer { last = newest }
        return newest == last ? .zero : min(time * (Self.parts - 1), Self.longestRest)
    }
}
