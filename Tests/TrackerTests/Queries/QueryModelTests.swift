import JSON
import Logging
import Store
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `Lists against a naive model` {
    /// A filter's text, and what it means in the simplest words.
    private struct Condition: Sendable {
        let argument: (name: String, value: String)
        let holds: @Sendable (JSONObject) -> Bool
    }

    private static func weight(_ box: JSONObject) -> Int { box["Weight"]?.intValue ?? -1 }
    private static func shelf(_ box: JSONObject) -> String { box["Shelf"]?.stringValue ?? "" }
    private static func id(_ box: JSONObject) -> String { box["Id"]?.stringValue ?? "" }
    private static func barcode(_ box: JSONObject) -> String { box["Barcode"]?.stringValue ?? "" }

    private static let conditions = [
        Condition(argument: ("Weight", "3")) { weight($0) == 3 },
        Condition(argument: ("Weight", "Ne(3)")) { weight($0) != 3 },
        Condition(argument: ("weight", "Lt(3)")) { weight($0) < 3 },
        Condition(argument: ("Weight", "Gte(4)")) { weight($0) >= 4 },
        Condition(argument: ("Weight", "Between(2,4)")) { (2...4).contains(weight($0)) },
        Condition(argument: ("Weight", "Except(2,4)")) { !(2...4).contains(weight($0)) },
        Condition(argument: ("Weight", "In(1,5)")) { [1, 5].contains(weight($0)) },
        Condition(argument: ("Weight", "Nin(1,5)")) { ![1, 5].contains(weight($0)) },
        Condition(argument: ("Shelf", "Eq(s1)")) { shelf($0) == "s1" },
        Condition(argument: ("Shelf", "Re(^s[12]$)")) { ["s1", "s2"].contains(shelf($0)) },
        Condition(argument: ("Labels", "red")) { $0["Labels"]?.arrayValue?.contains("red") ?? false },
        Condition(argument: ("Id", "b07")) { $0["Id"] == "b07" },
        Condition(argument: ("Available", "true")) { $0["Available"] == true },
        Condition(argument: ("size", "2")) { $0["Params"]?["size"] == 2 },
        Condition(argument: ("Params.size", "Gt(1)")) { ($0["Params"]?["size"]?.intValue ?? 0) > 1 },
        Condition(argument: ("Params", "size")) { $0["Params"]?["size"] != nil },
    ]

    private func boxes(_ count: Int, _ random: inout SeededGenerator) async throws -> Snapshot {
        let tracker = try SampleTypes.open().tracker
        var boxes: [JSONObject] = []
        // Not in the order of the keys.
        for (number, barcode) in (0..<count).shuffled(using: &random).enumerated() {
            let params: JSONObject = Bool.random(using: &random) ? ["size": .number(JSONNumber(number % 4))] : [:]
            let labels = ["red", "green", "blue"].filter { _ in Bool.random(using: &random) }
            let box: JSONObject = [
                "Id": .string("b" + (number < 10 ? "0" : "") + String(number)), "Params": .object(params),
                "Weight": .number(JSONNumber(Int.random(in: 0..<7, using: &random))), "Labels": JSONValue(labels),
                "Shelf": .string("s\(Int.random(in: 0..<4, using: &random))"), "Barcode": .string("c\(barcode)"),
            ]
            boxes.append(box)
        }
        // Half of the boxes at once, the others as they come.
        let (early, late) = (boxes[..<(count / 2)], boxes[(count / 2)...])
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            for box in early { _ = try draft.create("boxes", box) }
        }
        for box in late {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.create("boxes", box) }
        }
        return tracker.snapshot
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `agree in rows, order, page and counts`(seed: UInt64) async throws {
        try await compare(seed: seed, count: 40, queries: 60, longestPage: 12)
    }

    /// Tables of many rows are searched in other ways than small ones.
    @Test(arguments: 21...22 as ClosedRange<UInt64>)
    func `agree where there are many rows`(seed: UInt64) async throws {
        try await compare(seed: seed, count: 6000, queries: 12, longestPage: 6000)
    }

    private func compare(seed: UInt64, count: Int, queries: Int, longestPage: Int) async throws {
        var random = SeededGenerator(seed: seed)
        let state = try await boxes(count, &random)
        let all = try #require(state["boxes"]).objects.map(\.value.object)
        for _ in 0..<queries {
            let chosen = Self.conditions.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random))
            var arguments = chosen.map(\.argument)
            let sort = [nil, "Weight", "Shelf", "Id", "Barcode"].randomElement(using: &random) ?? nil
            let isReversed = Bool.random(using: &random)
            let offset = Int.random(in: 0...count + 5, using: &random)
            let limit = Int.random(in: 0...longestPage, using: &random)
            if let sort { arguments.append(("sort", sort)) }
            arguments += [("reverse", "\(isReversed)"), ("offset", "\(offset)"), ("limit", "\(limit)")]

            let query = try ListQuery(arguments: arguments, type: SampleTypes.boxes)
            let result = try state.list("boxes", query)

            var expected = all.filter { box in chosen.allSatisfy { $0.holds(box) } }
            expected.sort { left, right in
                if sort == "Weight", Self.weight(left) != Self.weight(right) {
                    return Self.weight(left) < Self.weight(right)
                }
                if sort == "Shelf", Self.shelf(left) != Self.shelf(right) {
                    return Self.shelf(left) < Self.shelf(right)
                }
                return sort == "Barcode" ? Self.barcode(left) < Self.barcode(right) : Self.id(left) < Self.id(right)
            }
            if isReversed { expected.reverse() }
            let what: Comment = "seed \(seed), \(arguments)"
            #expect(result.filteredCount == expected.count, what)
            #expect(result.totalCount == all.count, what)
            let ids = result.objects.map(\.key.string)
            #expect(ids == expected.dropFirst(offset).prefix(limit).map(Self.id), what)
            let counts = try state.counts("boxes", query)
            #expect(
                counts
                    == ListCounts(pageCount: ids.count, filteredCount: expected.count, totalCount: all.count), what)

            // The same for somebody who sees some of the boxes, known by their keys or not.
            let seen = Set(all.map(Self.id).filter { _ in Int.random(in: 0..<5, using: &random) == 0 } + ["nothing"])
            let keys = Bool.random(using: &random) ? seen.map { ByteString($0) }.sorted() : nil
            let sight = RowVisibility(candidates: keys) { seen.contains($0.key.string) }
            let visible = expected.filter { seen.contains(Self.id($0)) }
            let part = try state.list("boxes", query, visibility: sight)
            #expect(part.objects.map(\.key.string) == visible.dropFirst(offset).prefix(limit).map(Self.id), what)
            let partCounts = try state.counts("boxes", query, visibility: sight)
            #expect((part.filteredCount, part.totalCount) == (visible.count, seen.count - 1), what)
            #expect(
                partCounts
                    == ListCounts(
                        pageCount: part.objects.count, filteredCount: visible.count, totalCount: seen.count - 1), what)
        }
    }

    @Test func `count without a look at objects what nothing filters, or an index does`() async throws {
        var random = SeededGenerator(seed: 1)
        let state = try await boxes(40, &random)
        for arguments in [[], [("sort", "Shelf"), ("offset", "5")], [("Shelf", "s1")], [("Weight", "Eq(3)")]] {
            #expect(
                state.isCounted("boxes", try ListQuery(arguments: arguments, type: SampleTypes.boxes)), "\(arguments)")
        }
        #expect(!state.isCounted("boxes", try ListQuery(arguments: [("Weight", "Ne(3)")], type: SampleTypes.boxes)))
    }

    @Test(arguments: [
        ("limit", "-1", "limit cannot be negative"), ("offset", "-1", "offset cannot be negative"),
        ("limit", "x", "limit must be a whole number, not `x`"), ("sort", "Labels", "Labels has no order to sort by"),
        ("sort", "Available", "Available has no order to sort by"),
        ("sort", "nothing", "there is no index or field nothing"),
        ("Available", "maybe", "Available cannot be `maybe`"),
        ("Weight", "Re(1)", "Weight cannot be matched with a pattern"),
        ("Weight", "Between(1)", "Between takes a lower and an upper value, not 1 values"),
        ("Shelf", "Re([)", "error parsing regexp: missing closing ]: `[`"),
    ])
    func `refuse arguments that make no sense`(name: String, value: String, message: String) {
        #expect {
            try ListQuery(arguments: [(name, value)], type: SampleTypes.boxes)
        } throws: { error in
            let error = error as? TrackerError
            return error?.code == .badQuery && error?.messages.first?.hasPrefix(message) == true
        }
    }
}
