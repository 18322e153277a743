import Basics
import JSON
import Logging
import Store
import StoreTesting
import Testing

@testable import Tracker

/// Types that come while a tracker runs.
@Suite struct `Types that come later` {
    private static let crates = ObjectType(
        "crates", ObjectSchema("Crate", Field.common + [Field("Id", .string), Field("Weight", .integer)]),
        key: .text("Id"), indexes: [IndexDeclaration("Weight", .integer)])

    /// Shelves with an index that they did not have before.
    private static let shelves = ObjectType(
        "shelves", SampleTypes.shelves.schema, key: .text("Name"),
        indexes: [
            IndexDeclaration("Height", .integer, isUnordered: true), IndexDeclaration("Available", .boolean),
            IndexDeclaration("Name", .string),
        ])

    private static let more = Catalog(
        [SampleTypes.shelves, SampleTypes.boxes, SampleTypes.notes, crates], layers: .sample)

    private func open(_ store: any KeyValueStore, _ catalog: Catalog) throws -> DataTracker {
        try DataTracker.open(
            store: store, catalog: catalog, writable: ["Name": "BackingStore"], packs: [], logger: Logger(label: "test")
        ).tracker
    }

    private func create(_ typeName: TypeName, _ object: JSONObject, in tracker: DataTracker) async throws {
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.create(typeName, object) }
    }

    @Test func `a new type takes objects, which watchers hear of and which are there after another start`() async throws
    {
        let store = MemoryStore()
        let tracker = try SampleTypes.open(store).tracker
        try await create("shelves", ["Name": "a"], in: tracker)
        let revision = tracker.snapshot.revision
        await #expect(throws: TrackerError.self) { try await create("crates", ["Id": "c1"], in: tracker) }

        try await tracker.adopt(Self.more)
        #expect(tracker.snapshot.revision == revision)
        #expect(tracker.snapshot["shelves"]?.count == 1)
        var reader = tracker.events.reader(ringing: AsyncSignal())
        try await create("crates", ["Id": "c1", "Weight": 7], in: tracker)
        #expect(try await reader.read().flatMap(\.events).map(\.type) == ["crates"])
        #expect(try await tracker.differences() == [])

        let again = try open(store, Self.more)
        #expect(again.snapshot["crates"]?.objects.map(\.key) == ["c1"])
    }

    @Test func `what the store has of a type that nobody declared shows when it comes`() async throws {
        let store = MemoryStore()
        let before = try open(store, Self.more)
        for number in 1...50 { try await create("crates", ["Id": .string("c\(number)")], in: before) }
        let tracker = try SampleTypes.open(store).tracker
        #expect(tracker.snapshot["crates"] == nil)
        try await tracker.adopt(Self.more)
        #expect(tracker.snapshot["crates"]?.count == 50)
        #expect(
            tracker.snapshot["crates"]?.objects.map(\.1.revision)
                == before.snapshot["crates"]?.objects.map(\.1.revision))
        #expect(try await tracker.differences() == [])
    }

    @Test func `a type that is declared anew is listed by its new indexes`() async throws {
        let tracker = try SampleTypes.open().tracker
        for height in 1...40 {
            try await create("shelves", ["Name": .string("s\(height)"), "Height": JSONValue(height)], in: tracker)
        }
        try await tracker.adopt(
            Catalog([Self.shelves, SampleTypes.boxes, SampleTypes.notes, Self.crates], layers: .sample))
        #expect(tracker.snapshot["shelves"]?.type === Self.shelves)
        #expect(tracker.snapshot.keys("shelves", where: .field("Available"), is: true).count == 40)
        #expect(try await tracker.differences() == [])
    }

    @Test func `what is being written meanwhile is written under either`() async throws {
        let tracker = try SampleTypes.open().tracker
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask { try await create("boxes", ["Id": .string("b\(number)")], in: tracker) }
                if number % 50 == 0 { group.addTask { try await tracker.adopt(Self.more) } }
            }
            group.addTask {
                let scope = WriteScope(["boxes"], count: 1_000)
                _ = try await tracker.commit(someone.writing(scope)) { draft throws(TrackerError) in
                    for number in 0..<300 { try draft.create("boxes", ["Id": .string("large\(number)")]) }
                }
            }
            try await group.waitForAll()
        }
        #expect(tracker.snapshot["boxes"]?.count == 500)
        #expect(try await tracker.differences() == [])
    }

    @Test func `a state that is read anew after a failure has the types and packs of before`() async throws {
        let store = FaultInjectingStore(MemoryStore())
        let tracker = try SampleTypes.open(store).tracker
        try await tracker.adopt(Self.more)
        let pack = try SampleTypes.pack("basic", kind: .basic, ["shelves": ["low": ["Name": "low"]]])
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.push(pack) }
        try await create("crates", ["Id": "c1"], in: tracker)
        store.fail(.apply, nth: 1, .after)
        await #expect(throws: TrackerError.self) { try await create("crates", ["Id": "c2"], in: tracker) }
        await #expect(throws: TrackerError.self) { try await create("crates", ["Id": "c3"], in: tracker) }
        #expect(tracker.snapshot["crates"]?.objects.map(\.key) == ["c1", "c2"])
        #expect(tracker.snapshot["shelves"]?.objects.map(\.key) == ["low"])
    }
}
