import JSON
import Store

extension DataTracker {
    /// The versions of one object that are looked at to find who set a part of it.
    private static let examinedVersions = 1000

    /// The commit that made a part of an object what it is now; nil if that is forgotten.
    ///
    /// - Parameter path: the part; empty for all of the object.
    /// - Throws: `unavailable` when the store cannot be read.
    public nonisolated func lastRecord(
        of id: ObjectID, at path: [String] = []
    ) async throws(TrackerError) -> HistoryRecord? {
        let present = snapshot
        return try await history.read { history throws(StoreError) in
            var after = present[id]?.document
            let revisions = try history.revisions(of: id, through: present.revision, limit: Self.examinedVersions)
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
