/// The events of commits that have left memory.
protocol EventLog: Sendable {
    /// The events of every commit after this revision can be read.
    func oldest() async throws(EventError) -> Revision

    /// The events of the commits after `revision` up to and including `last`, oldest first and without gaps; at least
    /// one commit's, at most those of `count`, unless what follows `revision` has been forgotten: then none.
    func groups(
        after revision: Revision, through last: Revision, count: Int
    ) async throws(EventError) -> [EventGroup]
}
