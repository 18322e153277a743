public import Basics
import JSON
import Store

/// Which commits are wanted. All that is given must hold.
public struct HistoryQuery: Sendable {
    /// A type of which an object changed; `contents` for packs.
    public var typeName: TypeName?
    /// The text of the key of an object that changed; of that type, if one is given.
    public var key: String?
    /// Who made it: `user:rob`, as records name them, or `rob`.
    public var principal: String?
    /// The earliest time.
    public var since: Timestamp?
    /// The latest time.
    public var until: Timestamp?
    /// Text that is in the reason.
    public var reason: String?
    /// The newest revision wanted.
    public var last = Revision(.max)
    /// The most records to give.
    public var limit = 100

    /// All commits.
    public init() {}

    /// Whether a record is wanted, but for its revision.
    func admits(_ record: HistoryRecord) -> Bool {
        if let principal, !record.principal.hasSameUTF8(as: principal) {
            let name = record.principal.parts(between: ":", maxSplits: 1)[1...].first
            guard let name, name.hasSameUTF8(as: principal) else { return false }
        }
        if since != nil || until != nil {
            let time = record.time
            if let since, time < since { return false }
            if let until, time > until { return false }
        }
        if let reason, !record.reason.contains(text: reason) { return false }
        guard typeName != nil || key != nil else { return true }
        return record.entries.contains { isMeant($0.id) }
            || record.packs.contains { isMeant(StoreLayout.packID($0.name)) }
    }

    private func isMeant(_ id: ObjectID) -> Bool {
        (typeName ?? id.typeName) == id.typeName && (key.map { $0.hasSameUTF8(as: id.key.string) } ?? true)
    }
}

/// Some of the commits that a query selects, newest first.
public struct HistoryPage: Sendable {
    /// The records.
    public let records: [HistoryRecord]
    /// Where to go on (`last` of the next query); nil at the end.
    public let next: Revision?
}

extension DataTracker {
    /// The most records that one query looks at; a page may end early, so that none takes long.
    static let examinedRecords = 20_000

    /// The newest commits that `query` selects.
    ///
    /// - Throws: `unavailable` when the store cannot be read.
    public nonisolated func records(_ query: HistoryQuery) async throws(TrackerError) -> HistoryPage {
        let newest = min(query.last, snapshot.revision)
        let id = query.typeName.flatMap { typeName in query.key.map { catalog.id(typeName, $0) } }
        return try await history.read { history throws(StoreError) in
            let oldest = try history.start().next
            if let id {
                return try history.page(query, of: id, from: oldest, through: newest)
            }
            return try history.page(query, from: oldest, through: newest)
        }
    }
}

extension StoredHistory {
    fileprivate func page(
        _ query: HistoryQuery, from oldest: Revision, through newest: Revision
    ) throws(StoreError) -> HistoryPage {
        var records: [HistoryRecord] = []
        var examined = 0
        var next: Revision?
        try self.records(from: oldest, through: newest, descending: true) { record in
            guard records.count < query.limit, examined < DataTracker.examinedRecords else {
                next = record.revision
                return false
            }
            examined += 1
            if let since = query.since, record.time < since { return false }
            if query.admits(record) { records.append(record) }
            return true
        }
        return HistoryPage(records: records, next: next)
    }

    /// The page of a query for one object: its own versions lead to the commits.
    fileprivate func page(
        _ query: HistoryQuery, of id: ObjectID, from oldest: Revision, through newest: Revision
    ) throws(StoreError) -> HistoryPage {
        var records: [HistoryRecord] = []
        var (last, examined) = (newest, 0)
        while true {
            // One more than the page lacks, to know where the next one begins; what the query leaves out takes another round.
            let lacking = min(query.limit, DataTracker.examinedRecords) - records.count
            let wanted = min(lacking + 1, DataTracker.examinedRecords - examined)
            let revisions = try revisions(of: id, through: last, limit: wanted)
            for revision in revisions {
                guard revision >= oldest else { return HistoryPage(records: records, next: nil) }
                guard records.count < query.limit else { return HistoryPage(records: records, next: revision) }
                if let record = try record(revision), query.admits(record) { records.append(record) }
            }
            guard revisions.count == wanted, let lowest = revisions.last, lowest > .zero else {
                return HistoryPage(records: records, next: nil)
            }
            examined += revisions.count
            last = Revision(lowest.number - 1)
            if examined == DataTracker.examinedRecords { return HistoryPage(records: records, next: last) }
        }
    }
}
