import Basics
import JSON
import Logging
import Store
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `The overlap rule` {
    private typealias Types = BookingTypes

    private func tracker(_ bookings: JSONObject...) async throws -> DataTracker {
        let tracker = try Types.open()
        try await tracker.change { draft throws(TrackerError) in
            for booking in bookings { try draft.create("bookings", booking) }
        }
        return tracker
    }

    private func refusal(
        _ tracker: DataTracker, _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Void
    ) async -> TrackerError? {
        let before = tracker.snapshot.revision
        let error = await #expect(throws: TrackerError.self) { try await tracker.change(body) }
        #expect(tracker.snapshot.revision == before)
        return error
    }

    @Test func `refuses a booking of a room that is taken, and names both with their times`() async throws {
        let tracker = try await tracker(Types.booking("a", 10, 12))
        let error = await refusal(tracker) { draft throws(TrackerError) in
            try draft.create("bookings", Types.booking("b", 11, 13))
        }
        #expect(error?.code == .invalid)
        #expect(
            error?.messages == [
                "b: 2026-01-01T11:00:00Z to 2026-01-01T13:00:00Z overlaps on Rooms r1 with "
                    + "a (2026-01-01T10:00:00Z to 2026-01-01T12:00:00Z)"
            ])
        #expect(try await tracker.differences() == [])
    }

    @Test func `names three objects that are in the way, and that there are others`() async throws {
        let tracker = try Types.open()
        try await tracker.change { draft throws(TrackerError) in
            for hour in 0..<9 { try draft.create("bookings", Types.booking("b\(hour)", hour, hour + 1)) }
        }
        let error = await refusal(tracker) { draft throws(TrackerError) in
            try draft.create("bookings", Types.booking("c", 1, nil))
        }
        let text = try #require(error?.messages.first)
        #expect(text.contains("c: from 2026-01-01T01:00:00Z on overlaps") && text.hasSuffix("Z) and others"))
        #expect(["b1 (", "b2 (", "b3 ("].allSatisfy { text.contains($0) } && !text.contains("b4"))
    }

    @Test(arguments: [
        ("one that begins when the other ends", BookingTypes.booking("b", 12, 14)),
        ("one that ends when the other begins", BookingTypes.booking("b", 8, 10)),
        ("one of another room", BookingTypes.booking("b", 10, 12, rooms: ["r2", "r3"])),
        ("one of no room", BookingTypes.booking("b", 10, 12, rooms: [])),
        ("one that is cancelled", BookingTypes.booking("b", 10, 12, state: "cancelled")),
    ])
    func `takes what does not overlap`(name: String, booking: JSONObject) async throws {
        let tracker = try await tracker(Types.booking("a", 10, 12))
        try await tracker.change { draft throws(TrackerError) in try draft.create("bookings", booking) }
        #expect(tracker.snapshot.contains("bookings", "b"), "\(name)")
    }

    @Test(arguments: [
        ("one of several rooms", BookingTypes.booking("b", 11, 12, rooms: ["r0", "r1"])),
        ("one without an end", BookingTypes.booking("b", 3, nil)),
        ("one that ends before it begins", BookingTypes.booking("b", 5, 4)),
        ("one that takes no time", BookingTypes.booking("b", 5, 5)),
    ])
    func `refuses what overlaps, or is no interval`(name: String, booking: JSONObject) async throws {
        let tracker = try await tracker(Types.booking("a", 10, 12))
        let error = await refusal(tracker) { draft throws(TrackerError) in try draft.create("bookings", booking) }
        #expect(error?.code == .invalid && error?.key == "b", "\(name)")
    }

    @Test func `refuses a time that is none`() async throws {
        let tracker = try Types.open()
        let error = await refusal(tracker) { draft throws(TrackerError) in
            var booking = Types.booking("b", 1, 2)
            booking["Until"] = "soon"
            try draft.create("bookings", booking)
        }
        #expect(error?.messages == ["b: Until is not a time"])
    }

    @Test func `judges what a commit leads to, not the order of its steps`() async throws {
        let tracker = try await tracker(Types.booking("a", 10, 12), Types.booking("b", 12, 14))
        try await tracker.change { draft throws(TrackerError) in
            try draft.replace("bookings", at: "a", with: Types.booking("a", 12, 14))
            try draft.replace("bookings", at: "b", with: Types.booking("b", 10, 12))
        }
        let held = try #require(tracker.snapshot.intervals("bookings", "held"))
        #expect(held.containing("r1", Types.hour(13), limit: 9).map(\.key) == ["a"])
        let error = await refusal(tracker) { draft throws(TrackerError) in
            try draft.create("bookings", Types.booking("c", 20, 22))
            try draft.create("bookings", Types.booking("d", 21, 23))
        }
        #expect(error?.code == .invalid)
    }

    @Test func `lets a booking come back only if its time is still free`() async throws {
        let tracker = try await tracker(Types.booking("a", 10, 12, state: "cancelled"), Types.booking("b", 10, 12))
        let error = await refusal(tracker) { draft throws(TrackerError) in
            try draft.update("bookings", at: "a") { $0["State"] = "" }
        }
        #expect(error?.code == .invalid)
        try await tracker.change { draft throws(TrackerError) in
            try draft.remove("bookings", at: "b")
            try draft.update("bookings", at: "a") { $0["State"] = "" }
        }
        #expect(try await tracker.differences() == [])
    }

    @Test func `holds for undoing: a removed booking does not come back where another is now`() async throws {
        let tracker = try await tracker(Types.booking("a", 10, 12))
        try await tracker.change { draft throws(TrackerError) in try draft.remove("bookings", at: "a") }
        let removal = tracker.snapshot.revision
        try await tracker.change { draft throws(TrackerError) in
            try draft.create("bookings", Types.booking("b", 11, 12))
        }
        let error = await #expect(throws: TrackerError.self) { try await tracker.undo(removal) }
        #expect(error?.code == .invalid)
        try await tracker.change { draft throws(TrackerError) in try draft.remove("bookings", at: "b") }
        try await tracker.undo(removal)
        #expect(tracker.snapshot.intervals("bookings", "held")?.count(of: "r1") == 1)
        #expect(try await tracker.differences() == [])
    }

    @Test func `holds for a large draft that is made beside others`() async throws {
        let tracker = try await tracker(Types.booking("a", 10, 12))
        let large = TrackerRequest(
            id: "large", principal: "user:test", scope: WriteScope(["bookings"], count: 1000))
        let error = await #expect(throws: TrackerError.self) {
            _ = try await tracker.commit(large) { draft throws(TrackerError) in
                for number in 0..<50 {
                    try draft.create("bookings", Types.booking("x\(number)", 12 - number, 13 - number))
                }
            }
        }
        #expect(error?.code == .invalid)
        _ = try await tracker.commit(large) { draft throws(TrackerError) in
            for number in 0..<50 { try draft.create("bookings", Types.booking("x\(number)", 12 + number, 13 + number)) }
        }
        #expect(tracker.snapshot.intervals("bookings", "held")?.count(of: "r1") == 51)
        #expect(try await tracker.differences() == [])
    }

    @Test func `does not refuse packs: what overlaps in one is unavailable until the other is gone`() async throws {
        let store = MemoryStore()
        var tracker = try Types.open(store)
        try await tracker.change { draft throws(TrackerError) in
            try draft.create("bookings", Types.booking("a", 10, 12))
        }
        let pack = try Types.pack("p", [Types.booking("p1", 11, 13), Types.booking("p2", 20, 21)])
        try await tracker.change { draft throws(TrackerError) in _ = try draft.push(pack) }
        func errors(_ key: String) -> [String]? {
            tracker.snapshot.object("bookings", key)?.errors(Types.bookings)
        }
        #expect(errors("p1")?.first?.contains("overlaps on Rooms r1 with a (") == true)
        #expect(errors("p2") == [] && errors("a") == [])
        let error = await refusal(tracker) { draft throws(TrackerError) in
            try draft.create("bookings", Types.booking("b", 20, 22))
        }
        #expect(error?.code == .invalid)
        tracker = try Types.open(store)
        #expect(errors("p1")?.count == 1)
        #expect(try await tracker.differences() == [])
        try await tracker.change { draft throws(TrackerError) in try draft.remove("bookings", at: "a") }
        #expect(errors("p1") == [])
        #expect(try await tracker.differences() == [])
    }

    @Test func `lets be what overlapped before and is not changed`() async throws {
        let store = MemoryStore()
        let plain = ObjectType("bookings", Types.bookings.schema, key: .text("Id"))
        let before = try DataTracker.open(
            store: store, catalog: Catalog([plain], layers: .sample), writable: [:], packs: [],
            logger: Logger(label: "test")
        ).tracker
        try await before.change { draft throws(TrackerError) in
            for id in ["a", "b"] { try draft.create("bookings", Types.booking(id, 1, 3)) }
        }
        let tracker = try Types.open(store)
        try await tracker.change { draft throws(TrackerError) in
            try draft.update("bookings", at: "a") { $0["State"] = "paid" }
        }
        let error = await refusal(tracker) { draft throws(TrackerError) in
            try draft.replace("bookings", at: "a", with: Types.booking("a", 2, 3))
        }
        #expect(error?.code == .invalid)
    }
}
