import JSON
import Store
import Synchronization

/// What one step of reading the past came to.
struct HistoryStep<Place: Sendable>: Sendable {
    var differences: [String] = []
    /// How many records or versions were read.
    var count = 0
    /// Where to go on; nil at the end.
    var next: Place?
}

extension StoredHistory {
    /// Reads some records.
    func readRecords(
        from first: Revision, through newest: Revision, into ledger: SharedLedger
    ) throws(StoreError) -> HistoryStep<Revision> {
        var step = HistoryStep<Revision>()
        var (expected, rest, gaps) = (first, SelfCheck.stepSize, [Range<UInt64>]())
        try ledger.state.withLock { ledger throws(StoreError) in
            try records(from: first, through: newest) { record in
                guard rest > 0, step.count < SelfCheck.step else {
                    step.next = expected
                    return false
                }
                // A record that calls itself otherwise than its place leaves a gap there.
                let revision = min(max(record.revision, expected), newest)
                if expected < revision { gaps.append(expected.number..<revision.number) }
                ledger.enter(record, revision)
                step.count += 1
                rest -= record.byteCount
                expected = revision.next
                return true
            }
        }
        if step.next == nil, expected <= newest { gaps.append(expected.number..<newest.next.number) }
        let start = try start()
        for gap in gaps where gap.upperBound - 1 > start.number {
            let first = max(gap.lowerBound, start.number + 1)
            let isOne = first == gap.upperBound - 1
            step.differences.append(
                isOne
                    ? "the record of the commit \(first) is missing"
                    : "the records of the commits \(first) to \(gap.upperBound - 1) are missing")
        }
        return step
    }

    /// Reads some versions from a key on.
    func readVersions(from: [UInt8]?, into ledger: SharedLedger) throws(StoreError) -> HistoryStep<[UInt8]> {
        var step = HistoryStep<[UInt8]>()
        var (rest, doubtful, last) = (SelfCheck.stepSize, [(ObjectID, Revision)](), [UInt8]())
        let oldest = try start()
        try ledger.state.withLock { ledger throws(StoreError) in
            try store.scan(.versions, from: from) { key, value in
                guard rest > 0, step.count < SelfCheck.step else {
                    step.next = Array(key)
                    return false
                }
                step.count += 1
                rest -= key.count + value.count
                guard let entry = VersionEntry(key, value) else {
                    let revision = Revision(StoreLayout.number(key.suffix(8)))
                    step.differences.append("an earlier version in the store, of revision \(revision), cannot be read")
                    return true
                }
                ledger.enter(entry)
                if entry.revision <= oldest {
                    step.differences.append("\(entry.id) before the commit \(entry.revision) should be forgotten")
                }
                if let writer = entry.writer, writer > oldest, !entry.follows(last, by: writer) {
                    doubtful.append((entry.id, writer))
                }
                last.removeAll(keepingCapacity: true)
                last.append(contentsOf: key)
                return true
            }
        }
        for (id, writer) in doubtful where try version(of: id, before: writer) == nil {
            step.differences += try missing("what \(id) was before the commit \(writer), which wrote it", writer)
        }
        return step
    }

    /// What is wrong with a commit that names `excess` more objects than it left versions of, or others.
    func explain(_ revision: Revision, _ excess: Int) throws(StoreError) -> [String] {
        guard let record = try record(revision), revision > (try start()) else { return [] }
        var differences: [String] = []
        for id in record.entries.map(\.id) + record.packs.map({ StoreLayout.packID($0.name) })
        where try version(of: id, before: revision) == nil {
            differences += try missing("what \(id) was before the commit \(revision)", revision)
        }
        if excess < 0 { differences.append("the commit \(revision) names \(-excess) objects too few") }
        if differences.isEmpty, try start() < revision {
            differences.append("the commit \(revision) left versions of other objects than it names")
        }
        return differences
    }

    /// That something is missing, unless it has been forgotten meanwhile.
    private func missing(_ what: String, _ revision: Revision) throws(StoreError) -> [String] {
        try start() >= revision ? [] : ["\(what) is missing"]
    }
}

/// An entry of the store that tells what an object was, as it lies there.
struct VersionEntry {
    private let bytes: UnsafeRawBufferPointer
    /// The object's type, or what packs have in its place.
    let section: UnsafeRawBufferPointer
    /// The object's key.
    let key: UnsafeRawBufferPointer
    /// The commit before which it was so.
    let revision: Revision
    /// The commit that had made it so; nil if a pack had, or it was absent.
    let writer: Revision?

    /// Nil if the entry cannot be read.
    init?(_ bytes: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        guard bytes.count > 9, let end = bytes.dropLast(9).firstIndex(of: 0), let first = value.first,
            let origin = PastVersion.Origin(rawValue: first)
        else { return nil }
        self.bytes = bytes
        section = UnsafeRawBufferPointer(rebasing: bytes[..<end])
        key = UnsafeRawBufferPointer(rebasing: bytes[(end + 1)...].dropLast(9))
        revision = Revision(StoreLayout.number(bytes.suffix(8)))
        writer = origin == .writable && value.count > 9 ? Revision(StoreLayout.number(value[1..<9])) : nil
        if origin == .none { return }
        guard value.count > 9, JSONDocument.isCanonical(UnsafeRawBufferPointer(rebasing: value[9...])) else {
            return nil
        }
    }

    /// The object or pack.
    var id: ObjectID { ObjectID(TypeName(String(decoding: section, as: UTF8.self)), ByteString(key)) }

    /// Whether `last` is the key of what the commit `writer` left of the same object. It mostly is the key before.
    func follows(_ last: [UInt8], by writer: Revision) -> Bool {
        last.count == bytes.count && StoreLayout.number(last.suffix(8)) == writer.number
            && last.dropLast(8).elementsEqual(bytes.dropLast(8))
    }
}
