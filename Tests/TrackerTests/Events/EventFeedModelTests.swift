import Basics
import BasicsTesting
import StoreTesting
import Testing

@testable import Tracker

/// Readers of a small tail over a log that forgets, against the simplest model: the list of all commits.
@Suite struct EventFeedModelTests {
    /// A log of events that are their revision's number, begun at some revision.
    private struct CountingLog: EventLog {
        let start: Revision

        func oldest() async throws(EventError) -> Revision { start }

        func groups(
            after revision: Revision, through last: Revision, count: Int
        ) async throws(EventError) -> [EventGroup] {
            guard revision >= start, revision < last else { return [] }
            let end = min(last.number, revision.number + UInt64(count))
            return (revision.number + 1...end).map { EventFeedModelTests.group($0) }
        }
    }

    /// A reader and what it has been told.
    private struct Watch {
        var reader: EventReader
        var next: UInt64
    }

    private static let epochs = Epochs(only: Epoch(mark: 7, first: .zero))

    private static func group(_ number: UInt64) -> EventGroup {
        let event = Event(
            time: "", type: "t", action: "a", key: "\(number)", principal: "", revision: Revision(number))
        return EventGroup(Revision(number), [event])
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `every reader is told every commit once and in order`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let tail = EventRingBuffer(
            after: Revision(5), limits: EventRingBuffer.Limits(count: 7, bytes: 5000), clock: ManualClock())
        let feed = EventFeed(
            epochs: Self.epochs, catalog: CatalogReference(SampleTypes.catalog), tail: tail,
            log: CountingLog(start: .zero))
        var newest: UInt64 = 5
        var watches: [Watch] = []
        for _ in 0..<400 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<3:
                let count = UInt64.random(in: 1...4, using: &generator)
                tail.append((newest + 1...newest + count).map { Self.group($0) })
                newest += count
            case 3:
                // A commit that is only in the store, as after a failure whose outcome was unknown.
                newest += 1
                tail.append([], upTo: Revision(newest))
            case 4: feed.publish(Event(time: "", type: "t", action: "a", key: "passing", principal: ""))
            case 5:
                let known = UInt64.random(in: 0...newest, using: &generator)
                let start = EventStart.after(Self.epochs.cursor(after: Revision(known)))
                watches.append(
                    Watch(reader: try await feed.reader(from: start, ringing: AsyncSignal()), next: known + 1))
            case 6 where !watches.isEmpty:
                let index = Int.random(in: 0..<watches.count, using: &generator)
                let cursor = watches[index].reader.cursor
                #expect(cursor.revision.number == watches[index].next - 1, "seed \(seed)")
                watches[index].reader = try await feed.reader(from: .after(cursor), ringing: AsyncSignal())
            default:
                guard let index = watches.indices.randomElement(using: &generator) else { continue }
                try await Self.read(&watches[index], Int.random(in: 1...9, using: &generator), seed)
            }
        }
        for var watch in watches {
            while watch.next <= newest { try await Self.read(&watch, 512, seed) }
            #expect(try await watch.reader.read().allSatisfy { $0.revision == nil }, "seed \(seed)")
        }
    }

    private static func read(_ watch: inout Watch, _ count: Int, _ seed: UInt64) async throws {
        for group in try await watch.reader.read(count: count) {
            guard let revision = group.revision else { continue }
            #expect(revision.number == watch.next, "seed \(seed)")
            watch.next = revision.number + 1
        }
        #expect(watch.reader.cursor.revision.number == watch.next - 1, "seed \(seed)")
    }

    @Test func `what is forgotten is refused with the place to start over`() async throws {
        let tail = EventRingBuffer(
            after: Revision(10), limits: EventRingBuffer.Limits(count: 2, bytes: 1 << 20), clock: ManualClock())
        let feed = EventFeed(
            epochs: Self.epochs, catalog: CatalogReference(SampleTypes.catalog), tail: tail,
            log: CountingLog(start: Revision(8)))
        tail.append((11...15).map { Self.group($0) })
        let oldest = Self.epochs.cursor(after: Revision(8))
        let forgotten = Self.epochs.cursor(after: Revision(7))
        await #expect(throws: EventError.gone(cursor: forgotten, oldest: oldest)) {
            _ = try await feed.reader(from: .after(forgotten), ringing: AsyncSignal())
        }
        for foreign in [
            EventCursor(epoch: "other", revision: Revision(12)), Self.epochs.cursor(after: Revision(16)),
        ] {
            await #expect(throws: EventError.foreign(cursor: foreign, oldest: oldest)) {
                _ = try await feed.reader(from: .after(foreign), ringing: AsyncSignal())
            }
        }
        var reader = try await feed.reader(from: .oldest, ringing: AsyncSignal())
        #expect(try await reader.read().first?.revision == Revision(9))
    }

    @Test func `passing events are only for those who were there`() async throws {
        let tail = EventRingBuffer(after: .zero, clock: ManualClock())
        let feed = EventFeed(epochs: Self.epochs, catalog: CatalogReference(SampleTypes.catalog), tail: tail, log: nil)
        let bell = AsyncSignal()
        var early = try await feed.reader(from: .now, ringing: bell)
        tail.append([Self.group(1)])
        feed.publish(Event(time: "", type: "t", action: "a", key: "passing", principal: ""))
        tail.append([Self.group(2)])
        await bell.wait()
        var late = try await feed.reader(from: .after(Self.epochs.cursor(after: .zero)), ringing: AsyncSignal())
        #expect(try await early.read().flatMap(\.events).map(\.key) == ["1", "passing", "2"])
        #expect(try await late.read().flatMap(\.events).map(\.key) == ["1", "2"])
    }
}
