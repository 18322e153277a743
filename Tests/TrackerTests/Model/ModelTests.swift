import JSON
import Logging
import Store
import Testing

@testable import Tracker

@Suite struct `Tables, indexes and layers against a naive model` {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `agree after every step of a random history`(seed: UInt64) async throws {
        var history = RandomHistory(try Toys.open().tracker, seed: seed)
        for _ in 0..<80 {
            await history.step()
            try await history.compare(seed)
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `agree after each restart from the store`(seed: UInt64) async throws {
        let store = MemoryStore()
        var history = RandomHistory(try Toys.open(store).tracker, seed: seed)
        for _ in 0..<6 {
            for _ in 0..<25 { await history.step() }
            let base = try history.model.packs["base1"].map { sections in
                try Toys.pack(
                    "base1", kind: .default,
                    JSONObject(
                        sections.map { ($0.key, .object(JSONObject($0.value.map { ($0.key, .object($0.value)) }))) }))
            }
            let reopened = try Toys.open(store, packs: base.map { [$0] } ?? [])
            #expect(reopened.problems.isEmpty, "seed \(seed)")
            history.tracker = reopened.tracker
            try await history.compare(seed)
        }
    }
}
