import JSON
import Store

extension DataTracker {
    /// The versions of one object that are looked at to find who set a part of it.
    private static let examinedVersions = 1000
    /// How much of earlier versions may be read for one request to find that out.
    public static let originBudget = WorkBudget(
        20_000, "pages of 4 KiB of earlier versions to read", remedy: "look at the histories of single objects")

    /// The commit that made a part of an object what it is in a state; nil if that is forgotten.
    ///
    /// - Parameters:
    ///   - path: the part; empty for all of the object.
    ///   - state: the newest state, or a past one.
    ///   - meter: counts what is read.
    /// - Throws: `unavailable` when the store cannot be read, `overBudget` when there is too much to read.
    public nonisolated func lastRecord(
        of id: ObjectID, at path: [String] = [], in state: Snapshot, _ meter: inout WorkMeter
    ) async throws(TrackerError) -> HistoryRecord? {
        let rest = meter.rest
        let (record, pages) = try await history.read { history throws(StoreError) in
            try history.lastRecord(of: id, at: path, in: state, examining: Self.examinedVersions, rest)
        }
        try meter.spend(pages, on: id.typeName, key: id.key.string)
        return record
    }
}

extension StoredHistory {
    /// The commit that made a part of an object what it is, and how many pages were read for that; more than `most` if it
    /// was given up.
    fileprivate func lastRecord(
        of id: ObjectID, at path: [String], in state: Snapshot, examining limit: Int, _ most: Int
    ) throws(StoreError) -> (HistoryRecord?, pages: Int) {
        var (after, pages) = (state[id]?.document, 0)
        for revision in try revisions(of: id, through: state.revision, limit: limit) {
            guard let version = try version(of: id, before: revision) else { return (nil, pages) }
            pages += 1 + (version.document?.bytes.count ?? 0) / 4096
            if pages > most { return (nil, pages) }
            if version.document?.member(at: path) != after?.member(at: path) || path.isEmpty {
                return (try record(revision), pages)
            }
            after = version.document
        }
        return (nil, pages)
    }
}
