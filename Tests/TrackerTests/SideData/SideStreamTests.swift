import JSON
import Logging
import Store
import StoreTesting
import Testing

@testable import Tracker

/// Streams of side data: what was appended comes back as one sequence of bytes, whoever appended at the same time.
@Suite struct `A stream of side data` {
    private static let catalog = Catalog(
        [SampleTypes.shelves], sideKeyspaces: [SideKeyspace("logs", of: "shelves")], layers: .sample)

    private func open(_ store: any KeyValueStore) async throws -> DataTracker {
        let tracker = try DataTracker.open(
            store: store, catalog: Self.catalog, writable: ["Name": "BackingStore"], packs: [],
            logger: Logger(label: "test")
        ).tracker
        try await tracker.change { draft throws(TrackerError) in
            if !draft.view.contains("shelves", "s") { try draft.create("shelves", ["Name": "s"]) }
        }
        return tracker
    }

    private func append(_ bytes: [UInt8], _ tracker: DataTracker, after start: UInt64? = nil) async throws {
        try await tracker.change { draft throws(TrackerError) in
            try draft.append(bytes, toStreamIn: "logs", of: "s", after: start)
        }
    }

    @Test func `goes on after a restart where it ended`() async throws {
        let store = MemoryStore()
        try await append([1, 2, 3], try await open(store))
        let tracker = try await open(store)
        try await append([], tracker)
        try await append([4, 5], tracker)
        #expect(try await tracker.streamSize("logs", of: "s") == 5)
        for offset in 0...6 {
            let expected = Array([UInt8](1...5).dropFirst(offset))
            #expect(try await tracker.stream("logs", of: "s", from: UInt64(offset)) == expected)
        }
        #expect(try await tracker.stream("logs", of: "s", from: .max) == [])
        #expect(try await tracker.stream("logs", of: "nobody", from: 0) == [])
    }

    @Test func `has bytes once that are sent again, and none that leave a gap`() async throws {
        let tracker = try await open(MemoryStore())
        let parts: [([UInt8], UInt64)] = [
            ([1, 2, 3], 0), ([1, 2, 3], 0), ([2, 3, 4], 1), ([9], 5), ([], 4), ([5], 4), ([1], 0),
        ]
        for (bytes, start) in parts { try await append(bytes, tracker, after: start) }
        #expect(try await tracker.stream("logs", of: "s", from: 0) == [1, 2, 3, 4, 5])
    }

    @Test func `has every byte once, when many append at the same time`() async throws {
        let tracker = try await open(MemoryStore())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in UInt8(1)...60 {
                group.addTask { try await append([UInt8](repeating: number, count: Int(number % 4)), tracker) }
            }
            try await group.waitForAll()
        }
        let bytes = try await tracker.stream("logs", of: "s", from: 0)
        let expected = (UInt8(1)...60).flatMap { [UInt8](repeating: $0, count: Int($0 % 4)) }
        #expect(bytes.sorted() == expected)
        // What one client appended stands together.
        #expect(bytes.indices.dropFirst().filter { bytes[$0] != bytes[$0 - 1] }.count == Set(bytes).count - 1)
    }

    @Test func `counts what one commit appends and removes`() async throws {
        let tracker = try await open(MemoryStore())
        try await append([9], tracker)
        try await tracker.change { draft throws(TrackerError) in
            try draft.append([1, 2], toStreamIn: "logs", of: "s")
            draft.trim("logs", of: "s", limit: 1)
            try draft.append([3], toStreamIn: "logs", of: "s")
        }
        #expect(try await tracker.streamSize("logs", of: "s") == 4)
        #expect(try await tracker.sideData("logs", of: "s").entries.map(\.value) == [[1, 2], [3]])
        try await tracker.change { draft throws(TrackerError) in
            draft.trim("logs", of: "s")
            try draft.append([7], toStreamIn: "logs", of: "s")
        }
        #expect(try await tracker.sideData("logs", of: "s").entries == [.init(item: SideStream.item(0), value: [7])])
        #expect(try await tracker.differences() == [])
    }

    @Test func `has a size that is known without a look into the store, unless it may be wrong`() async throws {
        let store = FaultInjectingStore(MemoryStore())
        let tracker = try await open(store)
        #expect(tracker.knownStreamSize("logs", of: "s") == nil)
        try await append([1, 2], tracker)
        #expect(tracker.knownStreamSize("logs", of: "s") == 2)
        // The store has taken it, and says that it has not.
        store.fail(.apply, nth: 1, .after)
        await #expect(throws: TrackerError.self) { try await append([3], tracker) }
        #expect(tracker.knownStreamSize("logs", of: "s") == nil)
        try await append([4], tracker)
        #expect(try await tracker.stream("logs", of: "s", from: 0) == [1, 2, 3, 4])
        #expect(tracker.knownStreamSize("logs", of: "s") == 4)
        try await tracker.change { draft throws(TrackerError) in try draft.remove("shelves", at: "s") }
        #expect(tracker.knownStreamSize("logs", of: "s") == nil)
        try await tracker.change { draft throws(TrackerError) in
            try draft.create("shelves", ["Name": "s"])
            try draft.append([5], toStreamIn: "logs", of: "s")
        }
        #expect(tracker.knownStreamSize("logs", of: "s") == 1)
        #expect(try await tracker.stream("logs", of: "s", from: 0) == [5])
    }
}
