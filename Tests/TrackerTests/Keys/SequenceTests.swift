import JSON
import Store
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `Numbers of a sequence` {
    /// Creates a ticket and tells its number.
    @discardableResult
    private func create(_ tracker: DataTracker, large: Bool = false) async throws -> Int {
        let scope = WriteScope(["tickets"], count: large ? 1000 : 1)
        let made = try await tracker.commit(someone.writing(scope)) { draft throws(TrackerError) in
            try draft.create("tickets", ["Name": "t"])
        }
        return try #require(made.value.document.member("Id")?.int)
    }

    private func numbers(_ state: Snapshot) throws -> [String] {
        try #require(state["tickets"]).objects.map(\.key.string)
    }

    @Test func `count from one, and are part of the object`() async throws {
        let tracker = try KeyedTypes.open()
        for number in 1...12 { #expect(try await create(tracker) == number) }
        #expect(try numbers(tracker.snapshot) == (1...12).map(String.init))
        #expect(tracker.snapshot.object("tickets", "12")?.document.member("Id")?.int == 12)
        let both = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.perform([
                ObjectOperation(.create([:]), "tickets"), ObjectOperation(.create(["Name": "x"]), "tickets"),
            ])
        }
        #expect(both.value.map(\.key.string) == ["13", "14"])
    }

    @Test func `are not given again after the object is removed, undone, restored, or the tracker opened again`()
        async throws
    {
        let store = MemoryStore()
        var tracker = try KeyedTypes.open(store)
        for _ in 1...3 { try await create(tracker) }
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.remove("tickets", at: "3") }
        #expect(try await create(tracker) == 4)
        let plan = try await tracker.undoPlan(for: tracker.snapshot.revision)
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.undo(plan) }
        tracker = try KeyedTypes.open(store)
        #expect(try await create(tracker) == 5)
        // The removal of ticket 3 is undone: it is itself again, and the sequence goes on.
        let removal = try await tracker.undoPlan(for: Revision(4))
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.undo(removal) }
        #expect(try numbers(tracker.snapshot) == ["1", "2", "3", "5"])
        #expect(try await create(tracker) == 6)
        #expect(try await tracker.differences() == [])
    }

    @Test func `are the same in a copy of the store`() async throws {
        let store = MemoryStore()
        let tracker = try KeyedTypes.open(store)
        for _ in 1...3 { try await create(tracker) }
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.remove("tickets", at: "3") }
        _ = try await HistoryCompactor(tracker, HistoryRetention(size: 0)).step()
        var copied = WriteBatch()
        for keyspace in Keyspace.allCases {
            try store.scan(keyspace) { key, value in
                copied.put(keyspace, key: Array(key), value: Array(value))
                return true
            }
        }
        let copy = MemoryStore()
        try copy.apply(copied)
        #expect(try await create(try KeyedTypes.open(copy)) == 4)
    }

    @Test func `from a client are refused, and from the server set the sequence forward`() async throws {
        let tracker = try KeyedTypes.open()
        for number in [1, 7, -1] {
            let refusal = await #expect(throws: TrackerError.self) {
                try await tracker.commit(someone) { draft throws(TrackerError) in
                    try draft.create("tickets", ["Id": JSONValue(number)])
                }
            }
            #expect(refusal?.code == .invalid)
        }
        for number in [40, 20] {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                try draft.createAsServer("tickets", ["Id": JSONValue(number)])
            }
        }
        #expect(try await create(tracker) == 41)
        let pack = try Layer.admitting(
            kind: .dynamic, name: "p", metadata: ["Name": "p"], sections: ["tickets": ["50": ["Name": "packed"]]],
            catalog: KeyedTypes.catalog)
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.push(pack) }
        #expect(try await create(tracker) == 51)
        #expect(try await tracker.differences() == [])
    }

    @Test func `come to an end`() async throws {
        let tracker = try KeyedTypes.open()
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.createAsServer("tickets", ["Id": JSONValue(Int(KeyForm.largestInteger))])
        }
        let refusal = await #expect(throws: TrackerError.self) { try await create(tracker) }
        #expect(refusal?.code == .invalid)
    }

    @Test func `are each given once to many writers, large ones among them`() async throws {
        let store = MemoryStore()
        let tracker = try KeyedTypes.open(store)
        let given = try await withThrowingTaskGroup(of: [Int].self) { group in
            for task in 0..<16 {
                group.addTask {
                    var given: [Int] = []
                    for round in 0..<20 { given.append(try await create(tracker, large: (task + round) % 5 == 0)) }
                    return given
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(given).count == 320)
        #expect(try numbers(tracker.snapshot) == given.sorted().map(String.init))
        #expect(try await tracker.differences() == [])
        #expect(try await create(try KeyedTypes.open(store)) > (given.max() ?? 0))
    }

    /// What has come of writing tickets so far.
    private struct Run {
        let store = FaultInjectingStore(MemoryStore())
        var tracker: DataTracker
        var random: SeededGenerator
        /// Every number that was ever given.
        var given: Set<Int> = []

        init(seed: UInt64) throws {
            tracker = try KeyedTypes.open(store)
            random = SeededGenerator(seed: seed)
        }
    }

    private func step(_ run: inout Run, _ seed: UInt64) async throws {
        let tracker = run.tracker
        switch Int.random(in: 0..<10, using: &run.random) {
        case 0: run.store.fail(.apply, nth: 1, Bool.random(using: &run.random) ? .before : .after)
        case 1: run.tracker = try KeyedTypes.open(run.store)
        case 2:
            let newest = tracker.snapshot.revision.number
            guard newest > 0 else { return }
            let revision = Revision(UInt64.random(in: 1...newest, using: &run.random))
            guard let plan = try? await tracker.undoPlan(for: revision) else { return }
            _ = try? await tracker.commit(someone) { draft throws(TrackerError) in try draft.undo(plan) }
        case 3:
            guard let key = try numbers(tracker.snapshot).randomElement(using: &run.random) else { return }
            _ = try? await tracker.commit(someone) { draft throws(TrackerError) in try draft.remove("tickets", at: key)
            }
        case 4:
            _ = try? await tracker.commit(someone) { draft throws(TrackerError) in
                try draft.create("tickets", [:])
                try draft.create("tickets", ["Id": 1])
            }
        case 5:
            _ = try tracker.dryRun(someone) { draft throws(TrackerError) in try draft.create("tickets", [:]) }
        default:
            let isLarge = Bool.random(using: &run.random)
            guard let number = try? await create(tracker, large: isLarge) else { return }
            #expect(number > run.given.max() ?? 0, "seed \(seed)")
            run.given.insert(number)
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `only grow, whatever fails, is refused, undone or opened again`(seed: UInt64) async throws {
        var run = try Run(seed: seed)
        for _ in 0..<120 { try await step(&run, seed) }
        run.store.heal()
        // After a failure the first write finds out what the store has.
        for _ in 0..<2 { _ = try? await create(run.tracker) }
        #expect(try await run.tracker.differences() == [], "seed \(seed)")
    }

    @Test func `that are behind the keys of objects are found by the self-check`() async throws {
        let store = MemoryStore()
        let tracker = try KeyedTypes.open(store)
        for _ in 1...3 { try await create(tracker) }
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.remove("tickets", at: "3") }
        var damage = WriteBatch()
        damage.put(2, of: "tickets")
        try store.apply(damage)
        #expect(
            try await tracker.differences()
                == ["the sequence of tickets is at 2 in the store, which has the key 3"])
        // Who opens the store goes by what it holds, and sets the record right.
        let opened = try KeyedTypes.open(store)
        #expect(try await create(opened) == 4)
        #expect(try await opened.differences() == [])
        damage.put(9, of: "tickets")
        try store.apply(damage)
        #expect(
            try await opened.differences() == ["the sequence of tickets is at 4 in memory, and further in the store"])
    }
}
