import BasicsTesting
import JSON
import Store
import StoreTesting
import Synchronization
import Testing

@testable import Tracker

@Suite struct `A copy of a store` {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `serves the same, history and cursors too`(seed: UInt64) async throws {
        let store = MemoryStore()
        var history = RandomHistory(try SampleTypes.open(store, .steady()), seed: seed)
        var past = PastStates()
        for _ in 0..<60 {
            await history.step()
            past.note(history.tracker.snapshot)
        }
        let copy = MemoryStore()
        let outcome = try StoreCopy(of: store) { _ in }.run(into: copy)
        let before = history.tracker.snapshot
        #expect(outcome.revision == before.revision)
        let opened = try SampleTypes.open(copy, .steady(), packs: past.packs[before.revision] ?? [])
        #expect(PastStates.content(opened.snapshot) == PastStates.content(before))
        let cursor = before.epochs.cursor(after: before.revision)
        #expect(opened.epochs.wrote(cursor.revision, mark: cursor.epoch, newest: before.revision))
        try await past.compare(with: opened, seed)
        #expect(try await opened.differences() == [])
    }

    @Test func `into one that is written whole each time is written once`() async throws {
        let store = MemoryStore()
        let tracker = try SampleTypes.open(store).tracker
        for start in stride(from: 0, to: 5000, by: 1000) {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                for number in start..<start + 1000 { try draft.create("notes", ["Name": .string("n\(number)")]) }
            }
        }
        let copy = WholeStore()
        _ = try StoreCopy(of: store) { _ in }.run(into: copy)
        // One says that it is not whole yet, and one fills it.
        #expect(copy.batchCount == 2)
        #expect(try SampleTypes.open(copy).tracker.snapshot.objectCount == 5000)
    }

    @Test func `is not made over something, and a broken one is found`() async throws {
        let store = MemoryStore()
        var history = RandomHistory(try SampleTypes.open(store, .steady()), seed: 9)
        for _ in 0..<20 { await history.step() }
        #expect(throws: StoreError.self) { try StoreCopy(of: store) { _ in }.run(into: store) }
        let failing = FaultInjectingStore(MemoryStore())
        failing.fail(.apply, nth: 2)
        #expect(throws: StoreError.self) { try StoreCopy(of: store) { _ in }.run(into: failing) }
        #expect(throws: StoreError.self) { try SampleTypes.open(failing) }
        #expect(throws: StoreError.self) { try StoreCopy(of: failing) { _ in }.run(into: MemoryStore()) }
    }
}

/// A store that keeps no history, and counts how often it is written.
private final class WholeStore: KeyValueStore {
    private let base = MemoryStore()
    private let count = Atomic(0)

    let keepsHistory = false
    var locator: StoreLocator { base.locator }
    var maximumKeyLength: Int { base.maximumKeyLength }
    var condition: StoreCondition { base.condition }
    var batchCount: Int { count.load(ordering: .relaxed) }

    func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try base.scan(keyspace, from: from, upTo: upTo, descending: descending, visit)
    }

    func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        try base.value(keyspace, key: key)
    }

    func apply(_ batch: WriteBatch) throws(StoreError) {
        count.add(1, ordering: .relaxed)
        try base.apply(batch)
    }

    func close() throws(StoreError) { try base.close() }
}
