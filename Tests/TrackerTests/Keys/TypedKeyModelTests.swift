import JSON
import Store
import StoreTesting
import Testing

@testable import Tracker

/// Random writes of objects with typed keys, against dictionaries that are sorted anew each time.
@Suite struct `Tables of typed keys against sorted lists` {
    private struct Model {
        var lots: [Int: String] = [:]
        var slots: [String: [Int: String]] = [:]
    }

    private static let racks = ["r", "r\0", "r,1", "r%", "s"]

    private func step(_ tracker: DataTracker, _ model: inout Model, _ random: inout SeededGenerator) async throws {
        let name = "n\(Int.random(in: 0..<3, using: &random))"
        let number = 1 << Int.random(in: 0..<40, using: &random)
        let rack = Self.racks.randomElement(using: &random)!
        let place = Int.random(in: 1..<300, using: &random)
        let isRemoval = Int.random(in: 0..<3, using: &random) == 0
        if Bool.random(using: &random) {
            let exists = model.lots[number] != nil
            model.lots[number] = isRemoval ? nil : name
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                if isRemoval { return exists ? _ = try draft.remove("lots", at: "\(number)") : () }
                let object: JSONObject = ["Number": JSONValue(number), "Name": .string(name)]
                _ = exists ? try draft.replace("lots", at: "\(number)", with: object) : try draft.create("lots", object)
            }
        } else {
            let exists = model.slots[rack]?[place] != nil
            model.slots[rack, default: [:]][place] = isRemoval ? nil : name
            let key = EncodedKey.composite([rack, "\(place)"])
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                if isRemoval { return exists ? _ = try draft.remove("slots", at: key) : () }
                let object: JSONObject = ["Rack": .string(rack), "Place": JSONValue(place), "Name": .string(name)]
                _ = exists ? try draft.replace("slots", at: key, with: object) : try draft.create("slots", object)
            }
        }
    }

    private func compare(_ state: Snapshot, _ model: Model, _ random: inout SeededGenerator, _ seed: UInt64) throws {
        let lots = model.lots.sorted { $0.key < $1.key }
        #expect(try #require(state["lots"]).objects.map(\.key.string) == lots.map { "\($0.key)" }, "seed \(seed)")
        let slots = model.slots.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap { rack, places in
            places.keys.sorted().map { EncodedKey.composite([rack, "\($0)"]) }
        }
        #expect(try #require(state["slots"]).objects.map(\.key.string) == slots, "seed \(seed)")
        let bound = 1 << Int.random(in: 0..<40, using: &random)
        for (test, holds) in [("Gt", { $0 > bound }), ("Lte", { $0 <= bound }), ("Eq", { $0 == bound })]
            as [(String, (Int) -> Bool)]
        {
            for name in ["Key", "Number"] {
                let query = try ListQuery(
                    arguments: [(name, "\(test)(\(bound))"), ("Name", "n1")], type: KeyedTypes.lots)
                let expected = lots.filter { holds($0.key) && $0.value == "n1" }.map { "\($0.key)" }
                #expect(try state.list("lots", query).objects.map(\.key.string) == expected, "seed \(seed)")
            }
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `agree after every step, after restarts, and on the way back`(seed: UInt64) async throws {
        var (random, model) = (SeededGenerator(seed: seed), Model())
        let directory = TemporaryDirectory()
        let locator = try StoreLocator(seed % 2 == 0 ? "lmdb:\(directory.path)" : "memory:")
        var store = try locator.open(relativeTo: "/")
        var tracker = try KeyedTypes.open(store)
        for round in 1...3 {
            for _ in 0..<30 {
                try await step(tracker, &model, &random)
                try compare(tracker.snapshot, model, &random, seed)
            }
            #expect(try await tracker.differences() == [], "seed \(seed), round \(round)")
            if seed % 2 == 0 {
                try await tracker.close()
                store = try locator.open(relativeTo: "/")
            }
            tracker = try KeyedTypes.open(store)
            try compare(tracker.snapshot, model, &random, seed)
        }
        for number in (1...tracker.snapshot.revision.number).reversed() {
            let plan = try await tracker.undoPlan(for: Revision(number))
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.undo(plan) }
        }
        #expect(tracker.snapshot.objectCount == 0, "seed \(seed)")
        #expect(try await tracker.differences() == [], "seed \(seed)")
        try await tracker.close()
    }
}
