import JSON
import Store
import Testing

@testable import Tracker

@Suite struct `Work on behalf of one request` {
    @Test func `is refused beyond its budget, by a text that names the budget and what to do`() throws {
        let budget = WorkBudget(10, "steps", remedy: "take smaller ones")
        var meter = WorkMeter(budget)
        try meter.spend(4)
        try meter.spend(6)
        #expect(meter.spent == 10)
        let error = #expect(throws: TrackerError.self) { try meter.spend(1, on: "shelves", key: "s") }
        #expect(
            error == TrackerError(.overBudget, "shelves", key: "s", "This takes more than 10 steps: take smaller ones"))
        #expect(meter.spent == 10)
    }

    @Test func `gives the past in many small steps as in one`() async throws {
        let tracker = try SampleTypes.open().tracker
        let count = 7000
        for height in 1...3 {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                for number in 0..<count {
                    let shelf: JSONObject = ["Name": .string("s\(number)"), "Height": JSONValue(height)]
                    if height == 1 {
                        try draft.create("shelves", shelf)
                    } else {
                        try draft.replace("shelves", at: "s\(number)", with: shelf)
                    }
                }
            }
        }
        for revision in 1...3 as ClosedRange<UInt64> {
            let past = try await tracker.snapshot(at: Revision(revision))
            let query = try ListQuery(arguments: [("Height", "\(revision)")], type: SampleTypes.shelves)
            #expect(try past.counts("shelves", query).filteredCount == count)
        }
        #expect(try await tracker.snapshot(at: .zero)["shelves"]?.count == 0)
    }

    @Test func `makes a few states of the past at once`() async throws {
        let tracker = try SampleTypes.open().tracker
        for _ in 0..<DataTracker.pastsAtOnce { #expect(tracker.history.pasts.begin()) }
        let error = await #expect(throws: TrackerError.self) { try await tracker.snapshot(at: .zero) }
        #expect(error?.code == .unavailable && error?.messages.first?.contains("4 states of the past") == true)
        tracker.history.pasts.end()
        #expect(try await tracker.snapshot(at: .zero).objectCount == 0)
        #expect(tracker.history.pasts.begin(), "the place is free again")
    }

    @Test func `tells of large changes until there are many bytes of them`() async throws {
        let tracker = try SampleTypes.open().tracker
        let text = String(repeating: "x", count: 5 << 20)
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            for number in 0..<9 {
                try draft.create("boxes", ["Id": .string("b\(number)"), "Params": ["text": .string(text)]])
            }
        }
        let record = try await tracker.record(of: Revision(1))
        let told = try await tracker.firstChanges(of: record, record.entries)
        #expect(told.map(\.id.key.string) == ["b0", "b1", "b2", "b3", "b4", "b5", "b6"])
        #expect(try await tracker.firstChanges(of: record, Array(record.entries.suffix(1))).count == 1)
    }
}
