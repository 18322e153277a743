import Basics
import BasicsTesting
import JSON
import Logging
import Store
import Testing

@testable import Tracker

/// What every revision of a tracker looked like, written down while it was the newest.
struct PastStates {
    /// The documents of all objects, by revision.
    private(set) var states: [Revision: [ObjectID: JSONDocument]] = [:]

    /// The packs of each state that do not live in the store, without which it cannot be opened as it was.
    private(set) var packs: [Revision: [Layer]] = [:]

    /// Writes down the newest state.
    mutating func note(_ snapshot: Snapshot) {
        states[snapshot.revision] = Self.content(snapshot)
        packs[snapshot.revision] = snapshot.stack.layers.filter { !$0.kind.isStored && $0.kind != .writable }
    }

    /// All objects of a state.
    static func content(_ snapshot: Snapshot) -> [ObjectID: JSONDocument] {
        var content: [ObjectID: JSONDocument] = [:]
        for table in snapshot.tables {
            for (key, object) in table.objects { content[ObjectID(table.type.typeName, key)] = object.document }
        }
        return content
    }

    /// Compares every noted state that is still told with what the tracker tells of it.
    func compare(with tracker: DataTracker, _ seed: UInt64) async throws {
        let start = try await tracker.historyStart()
        for (revision, content) in states {
            guard revision >= start else {
                await #expect(throws: TrackerError.self, "seed \(seed)") { try await tracker.snapshot(at: revision) }
                continue
            }
            let past = try await tracker.snapshot(at: revision)
            #expect(past.revision == revision)
            #expect(Self.content(past) == content, "seed \(seed), revision \(revision)")
            let differences = past.tables.flatMap { $0.differences() }
            #expect(differences == [], "seed \(seed), revision \(revision)")
            for id in content.keys {
                let one = try await tracker.snapshot(at: revision, .objects([id]))
                #expect(one[id]?.document == content[id], "seed \(seed), \(id) at \(revision)")
            }
        }
    }
}

extension ManualClock {
    /// A clock that goes on by a second with every look.
    static func steady(seconds: Int64 = 1_000_000) -> ManualClock {
        ManualClock(at: Timestamp(seconds: seconds), step: .seconds(1))
    }
}

extension SampleTypes {
    static func open(
        _ store: any KeyValueStore, _ clock: ManualClock, packs: [Layer] = []
    ) throws -> DataTracker {
        try DataTracker.open(
            store: store, catalog: catalog, writable: ["Name": "BackingStore"], packs: packs,
            environment: Environment(clock: clock), logger: Logger(label: "test")
        ).tracker
    }
}
