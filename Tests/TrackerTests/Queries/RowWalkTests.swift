import JSON
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `A walk of the rows under one value` {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `begins behind any key, in either direction, whether or not most rows have the value`(seed: UInt64)
        async throws
    {
        var random = SeededGenerator(seed: seed)
        let (tracker, _) = try SampleTypes.open()
        var heights: [String: Int] = [:]
        // Most have one height, so that its rows are not listed; the others are.
        for number in 0..<80 where Bool.random(using: &random) {
            heights["s\(number + 100)"] = Int.random(in: 0..<5, using: &random) < 4 ? 1 : 2
        }
        let made = heights
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            for (name, height) in made.sorted(by: { $0.key < $1.key }) {
                try draft.create("shelves", ["Name": .string(name), "Height": JSONValue(height)])
            }
        }
        let snapshot = tracker.snapshot
        for start in [nil, "s100", "s139", "s1395", "s180", "a", "z"] + heights.keys.sorted().map(Optional.some) {
            for isDescending in [false, true] {
                func expected(_ height: Int?) -> [String] {
                    let names = heights.filter { height == nil || $0.value == height }.keys.sorted()
                    let behind = names.filter { name in start.map { isDescending ? name < $0 : $0 < name } ?? true }
                    return isDescending ? behind.reversed() : behind
                }
                let key = start.map { ByteString($0) }
                for height in 1...3 {
                    var seen: [String] = []
                    snapshot.forEachRow(
                        "shelves", where: .field("Height"), spelled: "\(height)", after: key, descending: isDescending
                    ) { row in
                        seen.append(row.key.string)
                        return true
                    }
                    #expect(seen == expected(height), "seed \(seed), \(start ?? "-"), \(height)")
                    #expect(
                        snapshot.rowCount("shelves", where: .field("Height"), spelled: "\(height)")
                            == heights.count { $0.value == height })
                }
                var all: [String] = []
                snapshot.forEachRow("shelves", after: key, descending: isDescending) { row in
                    all.append(row.key.string)
                    return all.count < 7
                }
                #expect(all == Array(expected(nil).prefix(7)), "seed \(seed), \(start ?? "-")")
            }
        }
    }

    @Test func `of a field without an index, or of a text of another kind, sees nothing`() async throws {
        let (tracker, _) = try SampleTypes.open()
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.create("shelves", ["Name": "a", "Height": 1])
        }
        #expect(tracker.snapshot.rowCount("shelves", where: .field("Nope"), spelled: "1") == 0)
        #expect(tracker.snapshot.rowCount("shelves", where: .field("Height"), spelled: "x") == 0)
    }
}
