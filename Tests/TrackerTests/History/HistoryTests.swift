import Basics
import BasicsTesting
import JSON
import Logging
import Store
import Testing

@testable import Tracker

@Suite struct `The past of a random history` {
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `is told as it was, after reopening the store too`(seed: UInt64) async throws {
        let (store, clock) = (MemoryStore(), ManualClock.steady())
        var history = RandomHistory(try SampleTypes.open(store, clock), seed: seed)
        var past = PastStates()
        past.note(history.tracker.snapshot)
        for _ in 0..<60 {
            await history.step()
            past.note(history.tracker.snapshot)
        }
        try await past.compare(with: history.tracker, seed)
        let base =
            history.model.packs["base1"] == nil
            ? [] : history.tracker.snapshot.stack.layers.filter { $0.name == "base1" }
        let reopened = try SampleTypes.open(store, clock, packs: base)
        #expect(reopened.snapshot.revision == history.tracker.snapshot.revision, "seed \(seed)")
        try await past.compare(with: reopened, seed)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `is told from where it was forgotten up to, step by step`(seed: UInt64) async throws {
        let clock = ManualClock.steady()
        var history = RandomHistory(try SampleTypes.open(MemoryStore(), clock), seed: seed)
        var past = PastStates()
        for _ in 0..<80 {
            await history.step()
            past.note(history.tracker.snapshot)
        }
        let keeper = HistoryCompactor(history.tracker, HistoryRetention(size: 3000))
        while try await keeper.step() { try await past.compare(with: history.tracker, seed) }
        try await past.compare(with: history.tracker, seed)
        let start = try await history.tracker.historyStart()
        #expect(start > .zero, "seed \(seed)")
        #expect(start < history.tracker.snapshot.revision, "seed \(seed)")
        try await history.compare(seed)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `can be undone commit by commit, back to the first state`(seed: UInt64) async throws {
        let clock = ManualClock.steady()
        var history = RandomHistory(try SampleTypes.open(MemoryStore(), clock), seed: seed)
        let tracker = history.tracker
        let first = PastStates.content(tracker.snapshot)
        for _ in 0..<60 { await history.step() }
        for number in (1...tracker.snapshot.revision.number).reversed() {
            let plan = try await tracker.undoPlan(for: Revision(number))
            let before = try await tracker.snapshot(at: Revision(number - 1))
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.undo(plan) }
            #expect(
                PastStates.content(tracker.snapshot) == PastStates.content(before), "seed \(seed), revision \(number)")
        }
        #expect(PastStates.content(tracker.snapshot) == first, "seed \(seed)")
        #expect(try await tracker.differences() == [], "seed \(seed)")
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `names for every revision the objects that changed, and what they were`(seed: UInt64) async throws {
        var history = RandomHistory(try SampleTypes.open().tracker, seed: seed)
        for _ in 0..<50 { await history.step() }
        let tracker = history.tracker
        for number in 1...tracker.snapshot.revision.number {
            let record = try await tracker.record(of: Revision(number))
            let before = PastStates.content(try await tracker.snapshot(at: Revision(number - 1)))
            let after = PastStates.content(try await tracker.snapshot(at: Revision(number)))
            let changes = try await tracker.changes(of: record, record.entries)
            for change in changes {
                #expect(change.before.document == before[change.id], "seed \(seed)")
                #expect(change.after.document == after[change.id], "seed \(seed)")
            }
            let named = Set(changes.map(\.id))
            let other = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] && !named.contains($0) }
            #expect(other == [], "seed \(seed)")
        }
    }
}

@Suite struct `History` {
    @Test func `finds the state at a time`() async throws {
        let clock = ManualClock.steady(seconds: 1000)
        let tracker = try SampleTypes.open(MemoryStore(), clock)
        for height in 1...20 { try await Self.shelf(tracker, "s\(height)") }
        for number in 1...20 as ClosedRange<UInt64> {
            let record = try await tracker.record(of: Revision(number))
            #expect(try await tracker.revision(at: record.time) == Revision(number))
            let justBefore = record.time + .nanoseconds(-1)
            #expect(try await tracker.revision(at: justBefore) == Revision(number - 1))
        }
        #expect(try await tracker.revision(at: .zero) == .zero)
    }

    @Test func `lists commits by type, key, principal and reason, page by page`() async throws {
        let tracker = try SampleTypes.open().tracker
        for number in 0..<25 {
            let request = TrackerRequest(
                id: "r\(number)", principal: number % 2 == 0 ? "user:even" : "user:odd", reason: "because of \(number)")
            _ = try await tracker.commit(request) { draft throws(TrackerError) in
                try draft.create("shelves", ["Name": .string("s\(number % 5)-\(number)")])
            }
        }
        var query = HistoryQuery()
        query.principal = "user:odd"
        query.limit = 5
        var found: [UInt64] = []
        while true {
            let page = try await tracker.records(query)
            found += page.records.map(\.revision.number)
            guard let next = page.next else { break }
            query.last = next
        }
        #expect(found == (1...25).reversed().filter { $0 % 2 == 0 })
        query = HistoryQuery()
        query.reason = "of 7"
        #expect(try await tracker.records(query).records.map(\.request) == ["r7"])
        query = HistoryQuery()
        (query.typeName, query.key) = ("shelves", "s3-8")
        #expect(try await tracker.records(query).records.map(\.request) == ["r8"])
        query.key = nil
        query.typeName = "boxes"
        #expect(try await tracker.records(query).records.isEmpty)
    }

    @Test func `forgets what is older than it is to be kept`() async throws {
        let clock = ManualClock.steady()
        let tracker = try SampleTypes.open(MemoryStore(), clock)
        for number in 0..<10 { try await Self.shelf(tracker, "old\(number)") }
        clock.advance(by: .seconds(1000))
        for number in 0..<10 { try await Self.shelf(tracker, "new\(number)") }
        let keeper = HistoryCompactor(tracker, HistoryRetention(age: .seconds(500)))
        while try await keeper.step() {}
        #expect(try await tracker.historyStart() == Revision(10))
        #expect(try await tracker.snapshot(at: Revision(10))["shelves"]?.count == 10)
        await #expect(throws: TrackerError.self) { try await tracker.snapshot(at: Revision(9)) }
        await #expect(throws: TrackerError.self) { try await tracker.record(of: Revision(10)) }
        #expect(try await tracker.record(of: Revision(11)).entries.map(\.id.key) == ["new0"])
    }

    @Test func `goes on forgetting by itself, in steps with pauses of the clock`() async throws {
        let clock = ManualClock.steady()
        let tracker = try SampleTypes.open(MemoryStore(), clock)
        for number in 0..<10 { try await Self.shelf(tracker, "old\(number)") }
        clock.advance(by: .seconds(1000))
        let keeper = HistoryCompactor(tracker, HistoryRetention(age: .seconds(500)))
        let pruning = Task { await keeper.run(logger: Logger(label: "test")) }
        while try await tracker.historyStart() < Revision(10) {
            await clock.untilSleeping(1)
            clock.advance(by: ForgettingPace.gentlePause)
        }
        for number in 0..<10 { try await Self.shelf(tracker, "new\(number)") }
        clock.advance(by: .seconds(1000))
        while try await tracker.historyStart() < Revision(20) {
            await clock.untilSleeping(1)
            clock.advance(by: HistoryCompactor.rest)
        }
        pruning.cancel()
        await pruning.value
    }

    @Test func `rests no longer once much is written`() async throws {
        let clock = ManualClock()
        let tracker = try SampleTypes.open(MemoryStore(), clock)
        let keeper = HistoryCompactor(tracker, HistoryRetention(size: 1000))
        let pruning = Task { await keeper.run(logger: Logger(label: "test")) }
        await clock.untilSleeping(1)
        for number in 0...HistoryCompactor.muchIsNew { try await Self.shelf(tracker, "s\(number)") }
        clock.advance(by: HistoryCompactor.rest / HistoryCompactor.looks)
        // No more time has to pass.
        while try await tracker.historyStart() == .zero { await Task.yield() }
        pruning.cancel()
        await pruning.value
    }

    @Test func `keeps an answer with its change, for a day`() async throws {
        let clock = ManualClock.steady()
        let tracker = try SampleTypes.open(MemoryStore(), clock)
        let key = AnswerKey(digest: [1, 2], request: [3])
        let remembered = IdempotentResponse<StoredObject>(key) { Array("made \($0.value.key)".utf8) }
        _ = try await tracker.commit(someone, remembering: remembered) { draft throws(TrackerError) in
            try draft.create("shelves", ["Name": "a"])
        }
        #expect(try await tracker.answer(to: key) == .answered(Array("made a".utf8)))
        #expect(try await tracker.answer(to: AnswerKey(digest: [1, 2], request: [4])) == .otherRequest)
        #expect(try await tracker.answer(to: AnswerKey(digest: [1], request: [3])) == nil)
        let keeper = HistoryCompactor(tracker, HistoryRetention())
        while try await keeper.step() {}
        #expect(try await tracker.answer(to: key) != nil)
        clock.advance(by: .seconds(86_500))
        while try await keeper.step() {}
        #expect(try await tracker.answer(to: key) == nil)
    }

    @Test func `tells objects apart whose keys begin alike`() async throws {
        let tracker = try SampleTypes.open().tracker
        try await Self.shelf(tracker, "a")
        try await Self.shelf(tracker, "a\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{3}")
        var query = HistoryQuery()
        (query.typeName, query.key) = ("shelves", "a")
        #expect(try await tracker.records(query).records.map(\.revision) == [Revision(1)])
        #expect(
            try await tracker.snapshot(at: Revision(1), .objects([ObjectID("shelves", "a")]))["shelves"]?.count == 2)
    }

    private static func shelf(_ tracker: DataTracker, _ name: String) async throws {
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.create("shelves", ["Name": .string(name)])
        }
    }
}
