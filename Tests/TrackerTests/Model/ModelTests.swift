import JSON
import Logging
import Store
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `Tables, indexes and layers against a naive model` {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `agree after every step of a random history`(seed: UInt64) async throws {
        var history = RandomHistory(try SampleTypes.open().tracker, seed: seed)
        for _ in 0..<80 {
            await history.step()
            try await history.compare(seed)
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `agree after each restart from LMDB`(seed: UInt64) async throws {
        let directory = TemporaryDirectory()
        let locator = try StoreLocator("lmdb:\(directory.path)")
        var history = RandomHistory(try SampleTypes.open(locator.open(relativeTo: "/")).tracker, seed: seed)
        for _ in 0..<6 {
            for _ in 0..<25 { await history.step() }
            let base = try history.model.packs["base1"].map { sections in
                try SampleTypes.pack(
                    "base1", kind: .default,
                    JSONObject(
                        sections.map { ($0.key, .object(JSONObject($0.value.map { ($0.key, .object($0.value)) }))) }))
            }
            try await history.tracker.close()
            let reopened = try SampleTypes.open(locator.open(relativeTo: "/"), packs: base.map { [$0] } ?? [])
            #expect(reopened.problems.isEmpty, "seed \(seed)")
            history.tracker = reopened.tracker
            try await history.compare(seed)
        }
        try await history.tracker.close()
    }
}
