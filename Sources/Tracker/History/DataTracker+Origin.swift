import JSON
import Store

extension DataTracker {
    /// The versions of one object that are looked at to find who set a part of it.
    private static let examinedVersions = 1000

    /// The commit that made a part of an object what it is in a state; nil if that is forgotten.
    ///
    /// - Parameters:
    ///   - path: the part; empty for all of the object.
    ///   - state: the newest state, or a past one.
    /// - Throws: `unavailable` when the store cannot be read.
    public nonisolated func lastRecord(
        of id: ObjectID, at path: [String] = [], in state: Snapshot
    ) async throws(TrackerError) -> HistoryRecord? {
        try await history.read { history throws(StoreError) in
            var after = state[id]?.document
            let revisions = try history.revisions(of: id, through: state.revision, limit: Self.examinedVersions)
            for revision in revisions {
                guard let version = try history.version(of: id, before: revision) else { return nil }
                if version.document?.member(at: path) != after?.member(at: path) || path.isEmpty {
                    return try history.record(revision)
                }
                after = version.document
            }
            return nil
        }
    }
}
