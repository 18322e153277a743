import Basics
import JSON
import Store
import StoreTesting
import Testing

@testable import Tracker

/// The intervals of persons' shifts as a plain list, and random changes to it.
private struct ShiftModel {
    struct Shift: Hashable {
        var persons: [String]
        var start: Int
        /// Nil for an open end.
        var end: Int?

        func overlaps(_ low: Int, _ high: Int) -> Bool { start < high && (end ?? .max) > low && start < (end ?? .max) }
    }

    var shifts: [String: Shift] = [:]

    /// Keys of the shifts of a person that overlap, in the order of starts and keys.
    func overlapping(_ person: String, _ low: Int, _ high: Int) -> [String] {
        shifts.filter { $0.value.persons.contains(person) && $0.value.overlaps(low, high) }
            .sorted { ($0.value.start, $0.key) < ($1.value.start, $1.key) }.map(\.key)
    }

    /// Where the first slot begins; nil if there is none.
    func firstFree(_ person: String, from start: Int, length: Int) -> Int? {
        let mine = shifts.values.filter { $0.persons.contains(person) && $0.start < $0.end ?? .max }
        let candidates = [start] + mine.compactMap(\.end).filter { $0 > start }
        return candidates.sorted().first { low in !mine.contains { $0.overlaps(low, low + length) } }
    }

    static func random(_ random: inout SeededGenerator) -> Shift {
        let start = Int.random(in: -300...300, using: &random)
        let length = [1, 1, 2, 5, 40, 400].randomElement(using: &random)!
        // An end of zero is none.
        let end = Int.random(in: 0..<20, using: &random) == 0 || start + length == 0 ? nil : start + length
        let persons = ["p", "q", "r"].filter { _ in Bool.random(using: &random) }
        return Shift(persons: persons, start: start, end: end)
    }
}

@Suite struct `An interval index against a plain list` {
    private static let declaration = IntervalDeclaration("hours", of: .field("P"), from: "S", to: "E", .integer)

    private static func interval(_ shift: ShiftModel.Shift) -> ObjectInterval? {
        let text: JSONObject = [
            "P": JSONValue(shift.persons), "S": JSONValue(shift.start), "E": shift.end.map { JSONValue($0) } ?? .null,
        ]
        return declaration.read(JSONDocument(.object(text))).interval
    }

    private static func compare(
        _ index: IntervalIndex, _ model: ShiftModel, _ random: inout SeededGenerator, _ seed: UInt64
    ) {
        let view = Intervals(declaration: declaration, index: index)
        #expect(index.violations() == [], "seed \(seed)")
        for person in ["p", "q", "r", "nobody"] {
            let low = Int.random(in: -900...900, using: &random)
            let high = low + [1, 3, 50, 900].randomElement(using: &random)!
            let expected = model.overlapping(person, low, high)
            // In pages.
            let limit = Int.random(in: 1...9, using: &random)
            var found: [IntervalMatch] = []
            while true {
                let page = view.overlapping(
                    person, from: .integer(Int64(low)), upTo: .integer(Int64(high)), after: found.last, limit: limit)
                found += page
                if page.count < limit { break }
            }
            #expect(found.map(\.key.string) == expected, "seed \(seed): \(person) in \(low)..<\(high)")
            let stabbed = view.containing(person, .integer(Int64(low)), limit: .max).map(\.key.string)
            #expect(stabbed == model.overlapping(person, low, low + 1), "seed \(seed): \(person) at \(low)")
            compareFree(view, model, person, low, Int.random(in: 1...30, using: &random), seed)
        }
    }

    private static func compareFree(
        _ view: Intervals, _ model: ShiftModel, _ person: String, _ start: Int, _ length: Int, _ seed: UInt64
    ) {
        var from = IntervalPoint.integer(Int64(start))
        var (found, steps) = (FreeSlot.notBefore(from), 0)
        while case .notBefore(let next) = found, steps < 10_000 {
            from = next
            found = view.firstFree(person, from: from, length: .count(Int64(length)), limit: 3)
            steps += 1
        }
        let expected = model.firstFree(person, from: start, length: length)
        #expect(found == expected.map { .free(.integer(Int64($0))) } ?? .none, "seed \(seed): \(length) from \(start)")
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `agrees after random changes, and a copy stays as it was`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (index, model) = (IntervalIndex(), ShiftModel())
        let size = [5, 60, 400].randomElement(using: &random)!
        for round in 0..<12 {
            let (copy, copied) = (index, model)
            for _ in 0..<size / 3 + 1 {
                let key = "s\(Int.random(in: 0..<size, using: &random))"
                let isGone = Int.random(in: 0..<3, using: &random) == 0
                let after = isGone ? nil : ShiftModel.random(&random)
                index.move(
                    ByteString(key), from: model.shifts[key].flatMap(Self.interval), to: after.flatMap(Self.interval))
                model.shifts[key] = after
            }
            Self.compare(index, model, &random, seed)
            if round % 4 == 3 { Self.compare(copy, copied, &random, seed) }
        }
        for (key, shift) in model.shifts { index.move(ByteString(key), from: Self.interval(shift), to: nil) }
        #expect(index.count == 0 && index.resources.isEmpty, "seed \(seed)")
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `agrees in a tracker after edits, undone commits and restarts`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let store = MemoryStore()
        var (tracker, states) = (try BookingTypes.open(store), [ShiftModel()])
        for round in 0..<40 {
            var model = states[states.count - 1]
            if states.count > 1, Int.random(in: 0..<5, using: &random) == 0 {
                try await tracker.undo(tracker.snapshot.revision)
                states.append(states[states.count - 2])
            } else {
                let edits = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                    let shift = Int.random(in: 0..<4, using: &random) == 0 ? nil : ShiftModel.random(&random)
                    return (key: "s\(Int.random(in: 0..<30, using: &random))", shift: shift)
                }
                let before = tracker.snapshot.revision
                try await tracker.change { draft throws(TrackerError) in
                    for (key, shift) in edits { try Self.edit(key, shift, &draft) }
                }
                for (key, shift) in edits { model.shifts[key] = shift.map(Self.first) }
                if tracker.snapshot.revision != before { states.append(model) }
            }
            if round % 10 == 9 { tracker = try BookingTypes.open(store) }
            let index = try #require(tracker.snapshot.intervals("shifts", "hours")).index
            Self.compare(index, states[states.count - 1], &random, seed)
            #expect(try await tracker.differences() == [], "seed \(seed)")
        }
    }

    /// Shifts have one person.
    private static func first(_ shift: ShiftModel.Shift) -> ShiftModel.Shift {
        ShiftModel.Shift(persons: Array(shift.persons.prefix(1)), start: shift.start, end: shift.end)
    }

    private static func edit(
        _ key: String, _ shift: ShiftModel.Shift?, _ draft: inout Draft
    ) throws(TrackerError) {
        let exists = draft.view.contains("shifts", key)
        guard let shift else {
            if exists { try draft.remove("shifts", at: key) }
            return
        }
        let object: JSONObject = [
            "Id": .string(key), "Person": .string(shift.persons.first ?? ""), "First": JSONValue(shift.start),
            "End": JSONValue(shift.end ?? 0),
        ]
        if exists { try draft.replace("shifts", at: key, with: object) } else { try draft.create("shifts", object) }
    }
}

@Suite struct `Intervals of times` {
    @Test func `are counted in nanoseconds, and a slot is as long as it was asked for`() async throws {
        let tracker = try BookingTypes.open()
        try await tracker.change { draft throws(TrackerError) in
            var booking = BookingTypes.booking("a", 0, 1)
            booking["Until"] = "2026-01-01T01:00:00.000000001Z"
            try draft.create("bookings", booking)
            try draft.create("bookings", BookingTypes.booking("b", 2, 3))
            try draft.create("bookings", BookingTypes.booking("c", 5, nil))
        }
        let held = try #require(tracker.snapshot.intervals("bookings", "held"))
        func free(_ from: Int, _ length: Duration) -> FreeSlot {
            held.firstFree("r1", from: BookingTypes.hour(from), length: .duration(length))
        }
        #expect(free(-1, .seconds(3600)) == .free(BookingTypes.hour(-1)))
        let end = IntervalPoint.time(Timestamp(seconds: 1_767_229_200, nanoseconds: 1))
        #expect(free(0, .seconds(3600) - .nanoseconds(1)) == .free(end))
        #expect(free(0, .seconds(3600)) == .free(BookingTypes.hour(3)))
        #expect(free(0, .seconds(7200) + .nanoseconds(1)) == FreeSlot.none)
        #expect(free(9, .nanoseconds(1)) == FreeSlot.none)
        #expect(held.containing("r1", end, limit: 1) == [])
        #expect(held.overlapping("r1", from: end, upTo: nil, limit: 9).map(\.end) == [BookingTypes.hour(3), nil])
        #expect(IntervalPoint.time(.zero).timestamp == .zero)
    }

    @Test func `are listed as a check demands, and a damaged index is named`() throws {
        var table = Table(BookingTypes.bookings)
        for id in ["a", "b"] {
            let document = JSONDocument(.object(BookingTypes.booking(id, 1, 2)))
            table.put(StoredObject(key: ByteString(id), document: document, revision: Revision(1), layer: .writable))
        }
        #expect(table.differences() == [])
        let interval = BookingTypes.bookings.intervals[0].read(table["a"]!.document).interval
        var lacking = table
        lacking.intervals[0].move("a", from: interval, to: nil)
        #expect(lacking.differences() == ["bookings/a is not among the intervals all of r1"])
        var stray = table
        stray.intervals[1].move("x", from: nil, to: interval)
        #expect(stray.differences() == ["intervals held of bookings: x is listed for r1, and should not be"])
    }
}
