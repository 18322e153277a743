import JSON
import Store
import Synchronization

/// History against itself: every commit has its record, and left for every object that it names what that was before.
///
/// What is kept of the past never changes, it is only forgotten from the old end, with the start moved in the same
/// transaction. So nothing has to stand still: what seems missing is no difference if the start has passed it since.
///
/// Records and versions are read once, in the order in which they lie. What each commit names, and what it left, is added up;
/// only where that differs is looked up which object it is.
extension SelfCheck {
    mutating func checkHistory() async throws(TrackerError) {
        let newest = state.revision
        let ledger = SharedLedger()
        var next: Revision? = try await tracker.historyStart().next
        while let first = next, first <= newest {
            let step = try await tracker.history.read { history throws(StoreError) in
                try history.readRecords(from: first, through: newest, into: ledger)
            }
            add(step.differences)
            count(commits: step.count)
            next = step.next
            try pass("commits", Int(clamping: (next ?? newest).number), of: Int(clamping: newest.number))
        }
        try await checkVersions(ledger)
    }

    private mutating func checkVersions(_ ledger: SharedLedger) async throws(TrackerError) {
        let all = ledger.state.withLock { $0.nameCount }
        var cursor: [UInt8]?
        repeat {
            let from = cursor
            let step = try await tracker.history.read { history throws(StoreError) in
                try history.readVersions(from: from, into: ledger)
            }
            add(step.differences)
            count(versions: step.count)
            cursor = step.next
            try pass("earlier versions", min(report.versions, all), of: all)
        } while cursor != nil
        for (revision, excess) in ledger.state.withLock({ $0.unbalanced }) {
            add(try await tracker.history.read { history throws(StoreError) in try history.explain(revision, excess) })
            try pass("commits in doubt", 0, of: 0)
        }
    }
}

/// A ledger that steps on several threads write to, one after the other.
final class SharedLedger: Sendable {
    let state = Mutex(HistoryLedger())
}

/// What commits name and what they left, added up for each.
struct HistoryLedger: Sendable {
    private struct Balance {
        /// How many more objects and packs are named than versions were left.
        var count = 0
        var sum: UInt64 = 0
    }

    private let numbers = PairHasher()
    /// Of the commits that have a record, the oldest and all after it.
    private var balances: [Revision: Balance] = [:]
    /// How many objects and packs all commits name.
    private(set) var nameCount = 0

    /// Notes what the record of a commit names.
    mutating func enter(_ record: HistoryRecord, _ revision: Revision) {
        var balance = Balance()
        record.forEachName { section, key in
            balance.count += 1
            balance.sum &+= numbers.left(section) &* numbers.right(key)
        }
        nameCount += balance.count
        balances[revision] = balance
    }

    /// Notes that a commit left a version of an object or pack.
    mutating func enter(_ entry: VersionEntry) {
        let number = numbers.left(entry.section) &* numbers.right(entry.key)
        guard let place = balances.index(forKey: entry.revision) else { return }
        balances.values[place].count -= 1
        balances.values[place].sum &-= number
    }

    /// The commits that left other versions than they name, and how many more they name.
    var unbalanced: [(revision: Revision, excess: Int)] {
        balances.filter { $0.value.count != 0 || $0.value.sum != 0 }.map { ($0.key, $0.value.count) }
            .sorted { $0.revision < $1.revision }
    }
}
