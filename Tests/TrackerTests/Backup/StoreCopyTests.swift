import BasicsTesting
import Store
import StoreTesting
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
