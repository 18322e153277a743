import JSON
import Store

/// History against itself: every commit has its record, and left for every object that it names what that was before.
///
/// What is kept of the past never changes, it is only forgotten from the old end, with the start moved in the same
/// transaction. So nothing has to stand still: what seems missing is no difference if the start has passed it since.
extension SelfCheck {
    mutating func checkHistory() async throws(TrackerError) {
        let newest = state.revision
        let start = try await tracker.historyStart()
        var names: [Revision: Int] = [:]
        var next = start.next
        while next <= newest {
            let first = next
            let step = try await tracker.history.read { history throws(StoreError) in
                try history.checkedRecords(from: first, through: newest, limit: Self.step)
            }
            add(step.differences)
            names.merge(step.names) { $1 }
            count(commits: step.names.count)
            next = step.last.next
            try pass("commits", Int(clamping: step.last.number), of: Int(clamping: newest.number))
        }
        try await checkVersions(named: &names, after: start, through: newest)
    }

    private mutating func checkVersions(
        named names: inout [Revision: Int], after start: Revision, through newest: Revision
    ) async throws(TrackerError) {
        let all = names.values.reduce(0, +)
        let catalog = state.catalog
        var cursor: [UInt8]?
        repeat {
            let from = cursor
            let step = try await tracker.history.read { history throws(StoreError) in
                try history.checkedVersions(from: from, limit: Self.step, catalog)
            }
            add(step.differences)
            count(versions: step.revisions.count)
            for revision in step.revisions { names[revision]? -= 1 }
            cursor = step.next
            try pass("earlier versions", min(report.versions, all), of: all)
        } while cursor != nil
        let forgotten = try await tracker.historyStart()
        for (revision, rest) in names where rest != 0 && revision > forgotten {
            let what = rest > 0 ? "\(rest) more objects than it left versions of" : "\(-rest) objects too few"
            add(["the commit \(revision) names \(what)"])
        }
    }
}

extension StoredHistory {
    /// Looks at up to `limit` records.
    ///
    /// - Returns: what is wrong, how many objects and packs each commit names, and the last revision looked at.
    func checkedRecords(
        from first: Revision, through newest: Revision, limit: Int
    ) throws(StoreError) -> (differences: [String], names: [Revision: Int], last: Revision) {
        var records: [HistoryRecord] = []
        try self.records(from: first, through: newest) { record in
            records.append(record)
            return records.count < limit
        }
        var (differences, names) = ([String](), [Revision: Int]())
        var expected = first
        for record in records {
            while expected < record.revision {
                differences += try missing("the record of the commit \(expected)", expected)
                expected = expected.next
            }
            let ids = record.entries.map(\.id) + record.packs.map { StoreLayout.packID($0.name) }
            for id in ids where try version(of: id, before: record.revision) == nil {
                differences += try missing("what \(id) was before the commit \(record.revision)", record.revision)
            }
            names[record.revision] = ids.count
            expected = record.revision.next
        }
        if records.count < limit {
            while expected <= newest {
                differences += try missing("the record of the commit \(expected)", expected)
                expected = expected.next
            }
        }
        return (differences, names, Revision(expected.number - 1))
    }

    /// Looks at up to `limit` versions from a key on.
    ///
    /// - Returns: what is wrong, the commits that left them, and where to go on; nil at the end.
    func checkedVersions(
        from: [UInt8]?, limit: Int, _ catalog: Catalog
    ) throws(StoreError) -> (differences: [String], revisions: [Revision], next: [UInt8]?) {
        let oldest = try start()
        var (differences, revisions) = ([String](), [Revision]())
        var next: [UInt8]?
        var earlier: [(ObjectID, Revision)] = []
        try store.scan(.versions, from: from) { key, value in
            guard revisions.count < limit else {
                next = Array(key)
                return false
            }
            let revision = Revision(StoreLayout.number(key.suffix(8)))
            revisions.append(revision)
            let address = UnsafeRawBufferPointer(rebasing: key.dropLast(9))
            guard let id = StoreLayout.id(ofKey: address), let version = PastVersion(encoded: Array(value)),
                version.isWellFormed
            else {
                differences.append("an earlier version in the store, of revision \(revision), cannot be read")
                return true
            }
            if revision <= oldest { differences.append("\(id) before the commit \(revision) should be forgotten") }
            if version.origin == .writable, version.revision > oldest { earlier.append((id, version.revision)) }
            return true
        }
        for (id, revision) in earlier where try version(of: id, before: revision) == nil {
            differences += try missing("what \(id) was before the commit \(revision), which wrote it", revision)
        }
        return (differences, revisions, next)
    }

    /// That something is missing, unless it has been forgotten meanwhile.
    private func missing(_ what: String, _ revision: Revision) throws(StoreError) -> [String] {
        try start() >= revision ? [] : ["\(what) is missing"]
    }
}

extension PastVersion {
    /// Whether it is absent, or canonical JSON.
    fileprivate var isWellFormed: Bool {
        guard let document else { return true }
        return (try? JSONValue(parsing: document.bytes))?.canonicalBytes() == document.bytes
    }
}
