import Basics
import JSON
import Logging
import Store

@testable import Tracker

/// Types for tests whose objects hold something for a time: bookings of rooms, of which no two that stand may overlap, and shifts
/// of persons, by numbered hours, which may.
enum BookingTypes {
    static let bookings = ObjectType(
        "bookings",
        ObjectSchema(
            "Booking",
            Field.common + [
                Field("Id", .string), Field("Rooms", .list(.string)), Field("From", .string), Field("Until", .string),
                Field("State", .string),
            ]),
        key: .text("Id"),
        intervals: [
            IntervalDeclaration("all", of: .field("Rooms"), from: "From", to: "Until"),
            IntervalDeclaration(
                "held", of: .field("Rooms"), from: "From", to: "Until",
                where: .field("State", isNoneOf: ["cancelled"]), forbidsOverlap: true),
        ])

    static let shifts = ObjectType(
        "shifts",
        ObjectSchema(
            "Shift",
            [Field("Id", .string), Field("Person", .string), Field("First", .integer), Field("End", .integer)]),
        key: .text("Id"),
        intervals: [
            IntervalDeclaration("hours", of: .field("Person"), from: "First", to: "End", .integer)
        ])

    static func open(_ store: any KeyValueStore = MemoryStore(), packs: [Layer] = []) throws -> DataTracker {
        try DataTracker.open(
            store: store, catalog: Catalog([bookings, shifts], layers: .sample), writable: ["Name": "BackingStore"],
            packs: packs,
            logger: Logger(label: "test")
        ).tracker
    }

    /// A pack of bookings.
    static func pack(_ name: String, _ bookings: [JSONObject]) throws -> Layer {
        let named = bookings.map { ($0["Id"]?.stringValue ?? "", JSONValue.object($0)) }
        return try Layer.admitting(
            kind: .dynamic, name: name, metadata: ["Name": .string(name)],
            sections: ["bookings": .object(JSONObject(named))],
            catalog: Catalog([Self.bookings, shifts], layers: .sample))
    }

    /// A booking of room r1 or others, from one hour of a day to another; nil for no end.
    static func booking(
        _ id: String, _ start: Int, _ end: Int?, rooms: [String] = ["r1"], state: String = ""
    ) -> JSONObject {
        [
            "Id": .string(id), "Rooms": JSONValue(rooms), "From": .string(text(start)),
            "Until": .string(end.map(text) ?? ""), "State": .string(state),
        ]
    }

    /// An hour after the beginning of 2026.
    static func hour(_ number: Int) -> IntervalPoint {
        .time(Timestamp(seconds: 1_767_225_600 + Int64(number) * 3600))
    }

    static func text(_ number: Int) -> String { hour(number).timestamp.description }
}

extension DataTracker {
    /// Commits what `body` does.
    func change(_ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Void) async throws(TrackerError) {
        _ = try await commit(someone) { draft throws(TrackerError) in try body(&draft) }
    }

    /// Takes a commit back.
    func undo(_ revision: Revision) async throws(TrackerError) {
        let plan = try await undoPlan(for: revision)
        try await change { draft throws(TrackerError) in try draft.undo(plan) }
    }
}
