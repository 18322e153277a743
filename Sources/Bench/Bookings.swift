import ArgumentParser
import Basics
import JSON
import Logging
import Store
import Tracker

/// Bookings drafted per second where many intervals of one resource are known, each checked for overlaps.
struct Bookings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bookings",
        abstract: "Draft bookings of one room that has many already, and print how many per second.")

    @Option(help: "Bookings that there are.") var count = 100_000
    @Option(help: "Bookings a draft.") var batch = 1000
    @Option(help: "How long to go on, in seconds.") var seconds = 3.0
    @Flag(help: "Keep no intervals: plain creates of the same objects.") var plain = false

    func run() async throws {
        let (tracker, _) = try DataTracker.open(
            store: MemoryStore(), catalog: Catalog([type]), writable: [:], packs: [], logger: Logger(label: "bookings"))
        for start in stride(from: 0, to: count, by: 10_000) {
            let numbers = start..<min(start + 10_000, count)
            _ = try await tracker.commit(.system("fill")) { draft throws(TrackerError) in
                for number in numbers { try draft.create("bookings", Self.booking(2 * number)) }
            }
        }
        let (start, limit) = (ContinuousClock.now, Duration.milliseconds(Int(seconds * 1000)))
        var made = 0
        while start.duration(to: .now) < limit {
            // The free hours between those that are taken, in no order.
            let hours = (0..<batch).map { (made + $0) * 7919 % count * 2 + 1 }
            let (outcome, _) = try tracker.dryRun(.system("bench")) { draft throws(TrackerError) in
                for hour in hours { try draft.create("bookings", Self.booking(hour)) }
            }
            precondition(outcome.changes.count == batch, "\(outcome.changes.count) of \(batch) bookings were made")
            made += batch
        }
        Report.number(Double(made) / start.duration(to: .now).inSeconds)
    }

    private var type: ObjectType {
        let fields = ["Id", "Room", "State", "From", "Until"].map { Field($0, .string) }
        let held = IntervalDeclaration(
            "held", of: .field("Room"), from: "From", to: "Until", where: .field("State", isNoneOf: ["cancelled"]),
            forbidsOverlap: true)
        return ObjectType(
            "bookings", ObjectSchema("Booking", fields), key: .text("Id"), intervals: plain ? [] : [held],
            conventions: Conventions())
    }

    /// A booking of one hour.
    private static func booking(_ hour: Int) -> JSONObject {
        func text(_ hour: Int) -> JSONValue {
            .string(Timestamp(seconds: 1_767_225_600 + Int64(hour) * 3600).description)
        }
        return [
            "Id": .string("b\(hour)"), "Room": "r1", "State": "booked", "From": text(hour), "Until": text(hour + 1),
        ]
    }
}
