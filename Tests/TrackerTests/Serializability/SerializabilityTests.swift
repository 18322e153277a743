import JSON
import Store
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `What concurrent clients see` {
    private static let ids = ["a", "b", "c"].flatMap { key in
        (["shelves", "notes"] as [TypeName]).map { ObjectID($0, ByteString(key)) }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `is strictly serializable, whatever they declare and whatever fails`(seed: UInt64) async throws {
        let store = FaultInjectingStore(MemoryStore())
        let (tracker, clock) = (try SampleTypes.open(store).tracker, LogicalClock())
        var history = SeenHistory()
        let failing = Task {
            while seed % 3 == 0, !Task.isCancelled {
                store.fail(.apply, nth: 3)
                _ = try? await tracker.snapshot(after: Revision(tracker.snapshot.revision.number + 10))
            }
        }
        await withTaskGroup(of: [SeenHistory.Event].self) { group in
            for client in 0..<6 {
                group.addTask { await Self.work(tracker, clock, SeededGenerator(seed: seed * 100 + UInt64(client))) }
            }
            for await events in group { history.events += events }
        }
        failing.cancel()
        await failing.value
        let violations = history.violations()
        #expect(violations.count == 0, "seed \(seed): \(violations.prefix(2))")
        #expect(history.events.contains { $0.isRead } && history.events.contains { !$0.isRead })
        store.heal()
        for _ in 0..<2 { _ = try? await Self.write(tracker, [Self.ids[0]], .unknown) }
        #expect(try await tracker.differences() == [], "seed \(seed)")
    }

    /// What one client saw of random reads and writes.
    private static func work(
        _ tracker: DataTracker, _ clock: LogicalClock, _ random: SeededGenerator
    ) async -> [SeenHistory.Event] {
        var (random, events) = (random, [SeenHistory.Event]())
        for _ in 0..<40 {
            let chosen = Array(ids.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
            let start = clock.tick()
            if Int.random(in: 0..<3, using: &random) == 0 {
                let snapshot = tracker.snapshot
                let seen = SeenHistory.Values(uniqueKeysWithValues: ids.map { ($0, height(snapshot[$0])) })
                events.append(.init(start: start, end: clock.tick(), revision: snapshot.revision.number, seen: seen))
            } else if let (revision, seen, written) = try? await write(tracker, chosen, scope(chosen, &random)) {
                events.append(.init(start: start, end: clock.tick(), revision: revision, seen: seen, written: written))
            }
            await Task.yield()
        }
        return events
    }

    /// What a client declares: the truth, nothing, or something else; and that it is large, or not.
    private static func scope(_ ids: [ObjectID], _ random: inout SeededGenerator) -> WriteScope {
        let count = Bool.random(using: &random) ? 1 : 1000
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return WriteScope(nil, count: count)
        case 1: return WriteScope(["notes"], count: count)
        default: return WriteScope(Set(ids.map(\.typeName)), count: count)
        }
    }

    /// Looks at all of `ids`, and makes, raises or removes each.
    private static func write(
        _ tracker: DataTracker, _ ids: [ObjectID], _ scope: WriteScope
    ) async throws -> (UInt64, SeenHistory.Values, SeenHistory.Values) {
        let commit = try await tracker.commit(someone.writing(scope)) { draft throws(TrackerError) in
            var seen: SeenHistory.Values = [:]
            var written: SeenHistory.Values = [:]
            for id in ids { seen[id] = .some(height(draft.view[id])) }
            let sum = seen.values.reduce(0) { $0 + ($1 ?? 0) } % 1000 + 1
            for id in ids {
                switch seen[id] ?? nil {
                case nil:
                    try draft.create(id.typeName, ["Name": .string(id.key.string), "Height": JSONValue(sum)])
                    written[id] = .some(sum)
                case let height? where height % 7 == 3:
                    try draft.remove(id.typeName, at: id.key.string)
                    written[id] = .some(nil)
                case let height?:
                    try draft.update(id.typeName, at: id.key.string) { (object) throws(TrackerError) in
                        object["Height"] = JSONValue(height + sum)
                    }
                    written[id] = .some(height + sum)
                }
            }
            return (seen, written)
        }
        let stamped = commit.changes.allSatisfy { $0.after.map { $0.revision == commit.snapshot.revision } ?? true }
        #expect(stamped, "an object is not of the revision that wrote it")
        return (commit.snapshot.revision.number, commit.value.0, commit.value.1)
    }

    private static func height(_ object: StoredObject?) -> Int? { object?.document.member("Height")?.int }
}

@Suite struct `The check of what clients saw` {
    private let id = ObjectID("notes", "a")

    private func write(_ start: Int, _ end: Int, _ revision: UInt64, saw: Int?, wrote: Int) -> SeenHistory.Event {
        .init(start: start, end: end, revision: revision, seen: [id: saw], written: [id: wrote])
    }

    private func read(_ start: Int, _ end: Int, _ revision: UInt64, saw: Int?) -> SeenHistory.Event {
        .init(start: start, end: end, revision: revision, seen: [id: saw])
    }

    @Test func `finds nothing wrong with what is right`() {
        let events = [
            write(1, 4, 1, saw: nil, wrote: 7), read(2, 3, 0, saw: nil), read(5, 6, 1, saw: 7),
            write(5, 8, 2, saw: 7, wrote: 8), read(6, 7, 2, saw: 8), read(6, 7, 1, saw: 7),
        ]
        #expect(SeenHistory(events: events).violations() == [])
    }

    @Test func `finds lost updates, stale reads, reads of nothing, and revisions made twice`() {
        let lost = [write(1, 2, 1, saw: nil, wrote: 7), write(1, 3, 2, saw: nil, wrote: 8)]
        let stale = [write(1, 2, 1, saw: nil, wrote: 7), read(3, 4, 0, saw: nil)]
        let nothing = [write(1, 2, 1, saw: nil, wrote: 7), read(1, 4, 1, saw: 9)]
        let twice = [write(1, 4, 1, saw: nil, wrote: 7), write(2, 4, 1, saw: 7, wrote: 8)]
        let backwards = [write(1, 2, 2, saw: 8, wrote: 7), write(3, 4, 1, saw: nil, wrote: 8)]
        for events in [lost, stale, nothing, twice, backwards] {
            #expect(!SeenHistory(events: events).violations().isEmpty, "\(events)")
        }
    }
}
