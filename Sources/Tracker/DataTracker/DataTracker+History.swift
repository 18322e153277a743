public import Basics
import Store

/// The past: read from the store, never kept in memory.
extension DataTracker {
    /// The oldest revision whose state can be told.
    ///
    /// - Throws: `unavailable` when the store cannot be read.
    public nonisolated func historyStart() async throws(TrackerError) -> Revision {
        try await history.read { history throws(StoreError) in try history.start() }
    }

    /// The newest revision at `time`.
    ///
    /// - Throws: `forgotten` when that is no longer known.
    public nonisolated func revision(at time: Timestamp) async throws(TrackerError) -> Revision {
        let newest = snapshot.revision
        let found = try await history.read { history throws(StoreError) -> Revision? in
            var (low, high) = (try history.start(), newest)
            if let oldest = try history.record(low), time < oldest.time { return nil }
            // The state `low` is not after `time`, those beyond `high` are.
            while low < high {
                let middle = Revision(low.number + (high.number - low.number + 1) / 2)
                guard let record = try history.record(middle) else { return nil }
                if record.time <= time { low = middle } else { high = Revision(middle.number - 1) }
            }
            return low
        }
        guard let found else { throw await forgotten("the state at \(time)") }
        return found
    }

    /// What the store knows of a commit.
    ///
    /// - Throws: `notFound` when there is no such commit yet, `forgotten` when it is too old.
    public nonisolated func record(of revision: Revision) async throws(TrackerError) -> HistoryRecord {
        guard revision > .zero, revision <= snapshot.revision else { throw noCommit(revision) }
        let record = try await history.read { history throws(StoreError) -> HistoryRecord? in
            try history.start() < revision ? history.record(revision) : nil
        }
        guard let record else { throw await forgotten("revision \(revision)") }
        return record
    }

    /// What the commit of `record` did to the objects in `entries`, in their order.
    ///
    /// - Throws: `forgotten` when the commit has become too old.
    public nonisolated func changes(
        of record: HistoryRecord, _ entries: some Collection<HistoryRecord.Entry> & Sendable
    ) async throws(TrackerError) -> [RecordedChange] {
        let (present, revision) = (snapshot, record.revision)
        let changes = try await history.read { history throws(StoreError) -> [RecordedChange]? in
            var changes: [RecordedChange] = []
            for entry in entries {
                guard let change = try history.change(entry, at: revision, present) else { return nil }
                changes.append(change)
            }
            return changes
        }
        guard let changes else { throw await forgotten("revision \(revision)") }
        return changes
    }

    /// How many objects' part in a commit are read at once.
    static let changesAtOnce = 500
    /// How many pages of 4 KiB of changes one answer tells of; it ends after the change with which it has more.
    private static let toldPages = 8192

    /// What the commit of `record` did to the first of `entries`: as many as one answer may tell of, and one at least.
    ///
    /// - Throws: `forgotten` when the commit has become too old.
    public nonisolated func firstChanges(
        of record: HistoryRecord, _ entries: [HistoryRecord.Entry]
    ) async throws(TrackerError) -> [RecordedChange] {
        var (told, pages): ([RecordedChange], Int) = ([], 0)
        for start in stride(from: 0, to: entries.count, by: Self.changesAtOnce) where pages < Self.toldPages {
            for change in try await changes(of: record, entries[start...].prefix(Self.changesAtOnce))
            where pages < Self.toldPages {
                told.append(change)
                pages += change.pageCount
            }
        }
        return told
    }

    /// The refusal to tell of a revision that there is not.
    nonisolated func noCommit(_ revision: Revision) -> TrackerError {
        let message = "There is no commit \(revision): they are counted from 1, and the newest is \(snapshot.revision)"
        return TrackerError(.notFound, "changes", key: revision.description, message)
    }

    /// The refusal to tell of what is not kept any more; if the store does not say where history begins, why it does not.
    nonisolated func forgotten(_ what: String) async -> TrackerError {
        do throws(TrackerError) {
            let start = try await historyStart()
            return TrackerError(
                .forgotten, "history", "History of \(what) is no longer kept: it begins after revision \(start)")
        } catch {
            return error
        }
    }
}

extension StoredHistory {
    /// What the commit `revision` did to an object; nil if that is forgotten.
    func change(
        _ entry: HistoryRecord.Entry, at revision: Revision, _ present: Snapshot
    ) throws(StoreError) -> RecordedChange? {
        guard let before = try version(of: entry.id, before: revision) else { return nil }
        let after = try version(of: entry.id, at: revision) ?? PastVersion(present[entry.id])
        return RecordedChange(id: entry.id, action: entry.action, before: before, after: after)
    }
}
