import Store

/// What a self-check says while it goes on.
public enum CheckEvent: Sendable, Hashable {
    /// Two things that must agree do not: a defect of ours, or of the disk.
    case difference(String)
    /// How far it is: what is being looked at, how much of it is done, and how much there is.
    case progress(String, done: Int, of: Int)
}

/// What a self-check found.
public struct CheckReport: Sendable, Hashable {
    /// The state that it began with.
    public internal(set) var revision: Revision
    /// How many objects it looked at.
    public internal(set) var objects = 0
    /// How many commits of history it looked at.
    public internal(set) var commits = 0
    /// How many earlier versions of objects and packs it looked at.
    public internal(set) var versions = 0
    /// What does not agree: the first of them.
    public internal(set) var differences: [String] = []
    /// How much does not agree.
    public internal(set) var differenceCount = 0

    /// Whether everything agrees.
    public var isClean: Bool { differenceCount == 0 }
}

extension DataTracker {
    /// Compares what is kept in more than one form: objects and indexes, tables and layers, memory and store, commits and
    /// the versions that they left. Nobody waits for it for longer than one of its small steps takes.
    ///
    /// - Parameters:
    ///   - limit: how many differences the report names; `tell` is told of all.
    ///   - pending: what a start would change first, and is no difference.
    ///   - tell: told of differences and of progress, one after the other, on threads that may block.
    /// - Throws: `unavailable` when the store fails, `cancelled` when the task is.
    public nonisolated func check(
        naming limit: Int = 1000, sparing pending: Set<ObjectID> = [],
        _ tell: @escaping @Sendable (CheckEvent) -> Void = { _ in }
    ) async throws(TrackerError) -> CheckReport {
        var check = SelfCheck(self, limit: limit, sparing: pending, tell)
        try await check.run()
        return check.report
    }

    /// What does not agree; empty if all is well.
    ///
    /// - Throws: `unavailable` when the store fails.
    public nonisolated func differences() async throws(TrackerError) -> [String] { try await check().differences }
}

/// A self-check in the making: all of it in small steps, each away from the tasks' threads.
struct SelfCheck {
    let tracker: DataTracker
    /// The state that it began with.
    let state: Snapshot
    /// What a start would change first, and must not be compared.
    let pending: Set<ObjectID>
    private(set) var report: CheckReport
    private let limit: Int
    private let tell: @Sendable (CheckEvent) -> Void

    /// How many objects or records one step looks at.
    static let step = 1000
    /// How many bytes one step looks at, about: writers wait for no longer than it takes to compare them.
    static let stepSize = 1 << 20

    init(
        _ tracker: DataTracker, limit: Int, sparing pending: Set<ObjectID>,
        _ tell: @escaping @Sendable (CheckEvent) -> Void
    ) {
        self.tracker = tracker
        self.pending = pending
        self.limit = limit
        self.tell = tell
        state = tracker.snapshot
        report = CheckReport(revision: state.revision)
    }

    mutating func run() async throws(TrackerError) {
        try await checkTables()
        try await checkStore()
        try await checkSideData()
        try await checkHistory()
    }

    /// Takes down what a step found.
    mutating func add(_ differences: [String]) {
        report.differenceCount += differences.count
        report.differences += differences.prefix(max(0, limit - report.differences.count))
        for difference in differences { tell(.difference(difference)) }
    }

    /// Tells how far it is, and goes on unless the task is cancelled.
    func pass(_ subject: String, _ done: Int, of all: Int) throws(TrackerError) {
        tell(.progress(subject, done: done, of: all))
        if Task.isCancelled { throw TrackerError(.cancelled, "", "The self-check was cancelled") }
    }

    mutating func count(objects: Int = 0, commits: Int = 0, versions: Int = 0) {
        report.objects += objects
        report.commits += commits
        report.versions += versions
    }

    private mutating func checkTables() async throws(TrackerError) {
        for table in state.tables {
            let subject = "\(table.type.typeName) in memory"
            var census = IndexVerifier(table)
            for rank in stride(from: 0, to: table.count, by: Self.step) {
                let known = census
                let (differences, counted): ([String], IndexVerifier) = try await tracker.history.read {
                    _ throws(StoreError) in
                    var census = known
                    return (census.count(table, from: rank, limit: Self.step), census)
                }
                census = counted
                add(differences)
                try pass(subject, min(rank + Self.step, table.count), of: table.count)
            }
            try await checkWhole(table, census)
        }
    }

    /// What can only be told when all objects of a table are counted.
    private mutating func checkWhole(_ table: Table, _ census: IndexVerifier) async throws(TrackerError) {
        let state = state
        add(
            try await tracker.history.read { _ throws(StoreError) in
                census.tableDifferences(table) + state.layerDifferences(table)
            })
        for position in table.indexes.indices {
            add(try await tracker.history.read { _ throws(StoreError) in census.indexDifferences(table, at: position) })
            try pass("indexes of \(table.type.typeName)", position + 1, of: table.indexes.count)
        }
        for position in table.intervals.indices {
            add(
                try await tracker.history.read { _ throws(StoreError) in
                    census.intervalDifferences(table, at: position)
                })
            try pass("intervals of \(table.type.typeName)", position + 1, of: table.intervals.count)
        }
    }
}
