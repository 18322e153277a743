import Basics
import JSON
import Logging
import Store
import StoreTesting
import Synchronization
import Testing

@testable import Tracker

/// Opens trackers with two side keyspaces: logs of shelves, and samples of anything.
private enum SideTypes {
    static let catalog = Catalog(
        [SampleTypes.shelves, SampleTypes.boxes, SampleTypes.notes],
        sideKeyspaces: [
            SideKeyspace("logs", of: "shelves", limits: .init(entryBytes: 100, commitBytes: 250)),
            SideKeyspace("samples", isBackedUp: false),
        ], layers: .sample)

    static func open(_ store: any KeyValueStore, packs: [Layer] = []) throws -> DataTracker {
        try DataTracker.open(
            store: store, catalog: catalog, writable: ["Name": "BackingStore"], packs: packs,
            logger: Logger(label: "test")
        ).tracker
    }

    static func shelf(_ name: String) -> JSONObject { ["Name": .string(name)] }
}

@Suite struct `Side data` {
    private func items(
        _ tracker: DataTracker, _ name: TypeName, _ subject: ByteString
    ) async throws -> [[UInt8]] {
        try await tracker.sideData(name, of: subject).entries.map(\.item)
    }

    @Test func `is written with the objects of its commit, or alone and without a revision`() async throws {
        let store = MemoryStore()
        let tracker = try SideTypes.open(store)
        try await tracker.change { draft throws(TrackerError) in
            try draft.create("shelves", SideTypes.shelf("s"))
            try draft.append([1], to: "logs", of: "s", at: [0, 1])
        }
        let revision = tracker.snapshot.revision
        try await tracker.change { draft throws(TrackerError) in
            try draft.append([2, 2], to: "logs", of: "s", at: [0, 2])
        }
        #expect(tracker.snapshot.revision == revision)
        for tracker in [tracker, try SideTypes.open(store)] {
            let page = try await tracker.sideData("logs", of: "s")
            #expect(page.entries == [SideEntry(item: [0, 1], value: [1]), SideEntry(item: [0, 2], value: [2, 2])])
            #expect(page.next == nil)
            #expect(try await tracker.differences() == [])
        }
    }

    @Test func `of a refused draft is not written`() async throws {
        let tracker = try SideTypes.open(MemoryStore())
        await #expect(throws: TrackerError.self) {
            try await tracker.change { draft throws(TrackerError) in
                try draft.append([1], to: "samples", of: "x", at: [1])
                try draft.create("shelves", [:])
            }
        }
        #expect(try await items(tracker, "samples", "x") == [])
    }

    @Test func `goes with its object, in the same commit, and not with one whose key begins alike`() async throws {
        let (store, batches) = (FaultInjectingStore(MemoryStore()), BatchCounter())
        let tracker = try SideTypes.open(store)
        let keys: [ByteString] = ["s", "s\u{0}", "s\u{1}", "s\u{0}t", "ss"]
        try await tracker.change { draft throws(TrackerError) in
            for key in keys {
                try draft.create("shelves", SideTypes.shelf(key.string))
                for item in UInt8(1)...3 { try draft.append([item], to: "logs", of: key, at: [item]) }
                try draft.append([9], to: "samples", of: key, at: [9])
            }
        }
        store.observeBatches { _ in batches.add() }
        try await tracker.change { draft throws(TrackerError) in try draft.remove("shelves", at: "s") }
        #expect(batches.count == 1)
        #expect(try await items(tracker, "logs", "s") == [])
        #expect(try await items(tracker, "samples", "s") == [[9]])
        for key in keys.dropFirst() { #expect(try await items(tracker, "logs", key) == [[1], [2], [3]]) }
        #expect(try await tracker.differences() == [])
        // What comes back has nothing of what was.
        try await tracker.undo(tracker.snapshot.revision)
        #expect(tracker.snapshot.contains("shelves", "s"))
        #expect(try await items(tracker, "logs", "s") == [])
    }

    @Test func `that one group of commits appends and forgets is gone`() async throws {
        let tracker = try SideTypes.open(MemoryStore())
        try await tracker.change { draft throws(TrackerError) in
            try draft.create("shelves", SideTypes.shelf("s"))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await tracker.change { draft throws(TrackerError) in
                    try draft.append([1], to: "logs", of: "s", at: [1])
                }
            }
            group.addTask {
                try await tracker.change { draft throws(TrackerError) in
                    if draft.view.contains("shelves", "s") { try draft.remove("shelves", at: "s") }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await items(tracker, "logs", "s") == [])
        try await tracker.change { draft throws(TrackerError) in
            try draft.create("shelves", SideTypes.shelf("t"))
            try draft.append([1], to: "logs", of: "t", at: [1])
            draft.trim("logs", of: "t")
            try draft.append([2], to: "logs", of: "t", at: [2])
        }
        #expect(try await items(tracker, "logs", "t") == [[2]])
        #expect(try await tracker.differences() == [])
    }

    @Test func `is refused beyond its limits, and where there is no object`() async throws {
        let tracker = try SideTypes.open(MemoryStore())
        try await tracker.change { draft throws(TrackerError) in try draft.create("shelves", SideTypes.shelf("s")) }
        func refusal(
            _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Void
        ) async -> TrackerError.Code? {
            await #expect(throws: TrackerError.self) { try await tracker.change(body) }?.code
        }
        #expect(
            await refusal { draft throws(TrackerError) in try draft.append([], to: "logs", of: "x", at: [1]) }
                == .notFound)
        let tooMuch: [(value: Int, subject: Int, item: Int)] = [(101, 1, 1), (1, 1, 0), (1, 1, 65)]
        for (value, _, item) in tooMuch {
            #expect(
                await refusal { draft throws(TrackerError) in
                    try draft.append(
                        [UInt8](repeating: 1, count: value), to: "logs", of: "s",
                        at: [UInt8](repeating: 1, count: item))
                } == .invalid)
        }
        #expect(
            await refusal { draft throws(TrackerError) in
                try draft.append([1], to: "samples", of: ByteString([UInt8](repeating: 0, count: 201)), at: [1])
            } == .invalid)
        #expect(
            await refusal { draft throws(TrackerError) in
                for item in UInt8(1)...3 {
                    try draft.append([UInt8](repeating: 1, count: 90), to: "logs", of: "s", at: [item])
                }
            } == .invalid)
        try await tracker.change { draft throws(TrackerError) in
            try draft.append(
                [1], to: "samples", of: ByteString([UInt8](repeating: 0, count: 200)),
                at: [UInt8](repeating: 0, count: 64))
        }
        #expect(try await tracker.differences() == [])
    }

    @Test func `that belongs to no object, or has a key of no form, is named by the self-check`() async throws {
        let store = MemoryStore()
        let tracker = try SideTypes.open(store)
        var batch = WriteBatch()
        batch.put(.side, key: StoreLayout.sidePrefix("logs", "gone") + [1], value: [1])
        batch.put(.side, key: StoreLayout.sidePrefix("logs", "gone") + [2], value: [1])
        batch.put(.side, key: Array("logs".utf8) + [0, 0x73, 0, 7], value: [1])
        batch.put(.side, key: StoreLayout.sidePrefix("elsewhere", "gone") + [1], value: [1])
        try store.apply(batch)
        #expect(
            try await tracker.differences() == [
                "the store has side data logs of shelves/gone, which is not there",
                "the store has side data under a key of no known form",
            ])
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `agrees with a plain map after random steps, in pages of any size and from both ends`(seed: UInt64)
        async throws
    {
        var random = SeededGenerator(seed: seed)
        let directory = TemporaryDirectory()
        let locator = try StoreLocator("lmdb:\(directory.path)")
        var tracker = try SideTypes.open(locator.open(relativeTo: "/"))
        var model: [ByteString: [UInt8: [UInt8]]] = [:]
        let subjects: [ByteString] = ["a", "a\u{0}", "b", ByteString([0xff, 0, 1])]
        for step in 0..<60 {
            var steps: [(subject: ByteString, item: UInt8, value: [UInt8]?)] = []
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let isTrim = Int.random(in: 0..<5, using: &random) == 0
                let (item, byte) = (
                    UInt8.random(in: .min ... .max, using: &random), UInt8.random(in: 0...9, using: &random)
                )
                steps.append((subjects.randomElement(using: &random)!, item, isTrim ? nil : [byte]))
            }
            for (subject, item, value) in steps {
                if let value {
                    model[subject, default: [:]][item] = value
                } else {
                    for gone in (model[subject] ?? [:]).keys.filter({ $0 < item }).sorted().prefix(3) {
                        model[subject]?[gone] = nil
                    }
                }
            }
            let done = steps
            try await tracker.change { draft throws(TrackerError) in
                for (subject, item, value) in done {
                    if let value {
                        try draft.append(value, to: "samples", of: subject, at: [item])
                    } else {
                        draft.trim("samples", of: subject, upTo: [item], limit: 3)
                    }
                }
            }
            if step % 20 == 19 {
                try await tracker.close()
                tracker = try SideTypes.open(locator.open(relativeTo: "/"))
            }
            for subject in subjects {
                let expected = (model[subject] ?? [:]).sorted { $0.key < $1.key }
                    .map { SideEntry(item: [$0.key], value: $0.value) }
                let isDescending = Bool.random(using: &random)
                let found = try await entries(tracker, subject, isDescending, Int.random(in: 1...7, using: &random))
                #expect(found == (isDescending ? expected.reversed() : expected), "seed \(seed)")
            }
        }
        #expect(try await tracker.differences() == [], "seed \(seed)")
        try await tracker.close()
    }

    /// All entries of a subject, page by page.
    private func entries(
        _ tracker: DataTracker, _ subject: ByteString, _ isDescending: Bool, _ limit: Int
    ) async throws -> [SideEntry] {
        var (found, next): ([SideEntry], [UInt8]?) = ([], nil)
        repeat {
            let page = try await tracker.sideData(
                "samples", of: subject, from: isDescending ? [] : next ?? [], upTo: isDescending ? next : nil,
                descending: isDescending, limit: limit)
            found += page.entries
            next = page.next
        } while next != nil
        return found
    }

    @Test(arguments: [FaultInjectingStore.Moment.before, .after], [FaultInjectingStore.StoreCall.apply, .scan])
    func `is whole with its objects or not there, whichever call of the store fails`(
        moment: FaultInjectingStore.Moment, call: FaultInjectingStore.StoreCall
    ) async throws {
        for number in 1...8 {
            let store = FaultInjectingStore(MemoryStore())
            let tracker = try SideTypes.open(store)
            store.fail(call, nth: number, moment)
            for round in UInt8(0)..<4 {
                let key = ByteString("s\(round)")
                try? await tracker.change { draft throws(TrackerError) in
                    try draft.create("shelves", SideTypes.shelf(key.string))
                    for item in UInt8(0)..<3 { try draft.append([round], to: "logs", of: key, at: [item]) }
                }
                if round % 2 == 1 {
                    try? await tracker.change { draft throws(TrackerError) in
                        try draft.remove("shelves", at: key.string)
                    }
                }
            }
            store.heal()
            // The first write after a failure may only find out what the store has taken.
            for _ in 0..<2 {
                try? await tracker.change { draft throws(TrackerError) in
                    try draft.append([1], to: "samples", of: "last", at: [1])
                }
            }
            #expect(try await items(tracker, "samples", "last") == [[1]])
            for tracker in [tracker, try SideTypes.open(store)] {
                #expect(try await tracker.differences() == [], "\(call) \(number)")
                for round in 0..<4 {
                    let isThere = tracker.snapshot.contains("shelves", "s\(round)")
                    let count = try await items(tracker, "logs", ByteString("s\(round)")).count
                    #expect(count == (isThere ? 3 : 0), "\(call) \(number): half a commit")
                }
            }
        }
    }
}

/// Counts batches.
private final class BatchCounter: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func add() { number.withLock { $0 += 1 } }
}
