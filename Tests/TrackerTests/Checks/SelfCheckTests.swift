import JSON
import Logging
import Store
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `The self-check` {
    /// A store with a written shelf and box, a pack, and some history; nothing differs.
    private func world() async throws -> (tracker: DataTracker, store: MemoryStore) {
        let store = MemoryStore()
        let tracker = try SampleTypes.open(store).tracker
        let pack = try SampleTypes.pack("p", ["shelves": ["packed": ["Name": "packed", "Height": 3]]])
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.push(pack) }
        for height in 1...3 {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                let shelf: JSONObject = ["Name": "s", "Height": JSONValue(height)]
                if height == 1 { return try draft.create("shelves", shelf) }
                return try draft.replace("shelves", at: "s", with: shelf)
            }
        }
        let report = try await tracker.check()
        #expect(report.isClean, "\(report.differences)")
        #expect((report.objects, report.commits, report.versions) == (2, 4, 5))
        return (tracker, store)
    }

    /// Damages of a store, each with a text that must be among the differences.
    private static let damages: [(name: String, text: String, damage: @Sendable (inout WriteBatch) -> Void)] = [
        ("a lost object", "shelves/s in the store is not", { $0.remove(.data, key: StoreLayout.objectKey(shelf)) }),
        (
            "a changed object", "shelves/s in the store is not",
            { $0.put(.data, key: StoreLayout.objectKey(shelf), value: StoreLayout.bytes(4) + Array("{}".utf8)) }
        ),
        (
            "a stray object", "shelves/x is in the store and not in memory",
            {
                let key = StoreLayout.objectKey(ObjectID("shelves", "x"))
                $0.put(.data, key: key, value: StoreLayout.bytes(4) + Array(#"{"Name":"x"}"#.utf8))
            }
        ),
        ("a lost pack", "the content pack p in the store", { $0.remove(.data, key: StoreLayout.packKey("p")) }),
        (
            "a stray pack", "a content pack q that is not used",
            { $0.put(.data, key: StoreLayout.packKey("q"), value: Array("{}".utf8)) }
        ),
        (
            "a forgotten pack object", "shelves/packed is not remembered",
            { $0.remove(.metadata, key: StoreLayout.packObjectKey(ObjectID("shelves", "packed"))) }
        ),
        (
            "a stray pack object", "shelves/s is remembered in the store as a pack's",
            { $0.put(.metadata, key: StoreLayout.packObjectKey(shelf), value: PastVersion.absent.encoded) }
        ),
        (
            "another revision", "the store is at revision 9",
            { $0.put(.metadata, key: StoreLayout.revisionKey, value: StoreLayout.bytes(9)) }
        ),
        ("another identity", "another identity", { $0.put(.metadata, key: StoreLayout.storeIDKey, value: [1]) }),
        (
            "a lost epoch", "other epochs than memory",
            { $0.remove(.metadata, key: StoreLayout.epochKey(.zero)) }
        ),
        (
            "a stray epoch", "other epochs than memory",
            { $0.put(.metadata, key: StoreLayout.epochKey(Revision(3)), value: StoreLayout.bytes(7)) }
        ),
        (
            "a lost record", "the record of the commit 3",
            { $0.remove(.commits, key: StoreLayout.commitKey(Revision(3))) }
        ),
        (
            "a lost newest record", "the record of the commit 4",
            { $0.remove(.commits, key: StoreLayout.commitKey(Revision(4))) }
        ),
        (
            "a lost version", "what shelves/s was before the commit 3",
            { $0.remove(.versions, key: StoreLayout.versionKey(shelf, Revision(3))) }
        ),
        (
            "a broken version", "cannot be read",
            { $0.put(.versions, key: StoreLayout.versionKey(shelf, Revision(3)), value: [7]) }
        ),
        (
            "a stray version", "the commit 3 names 1 objects too few",
            {
                let key = StoreLayout.versionKey(ObjectID("boxes", "b"), Revision(3))
                $0.put(.versions, key: key, value: PastVersion.absent.encoded)
            }
        ),
        (
            "history that should be gone", "before the commit 2 should be forgotten",
            { $0.put(.metadata, key: StoreLayout.historyKey, value: StoreLayout.bytes(2)) }
        ),
    ]

    private static let shelf = ObjectID("shelves", "s")

    @Test(arguments: damages.indices)
    func `names what is wrong in a damaged store`(index: Int) async throws {
        let (tracker, store) = try await world()
        let (name, text, damage) = Self.damages[index]
        var batch = WriteBatch()
        damage(&batch)
        try store.apply(batch)
        let differences = try await tracker.differences()
        #expect(differences.contains { $0.contains(text) }, "\(name): \(differences)")
    }

    @Test func `names what an index lacks, and what it should not have`() throws {
        func box(_ key: ByteString, _ text: String) throws -> StoredObject {
            StoredObject(
                key: key, document: JSONDocument(try JSONValue(parsing: text)), revision: Revision(1), layer: .writable)
        }
        var table = Table(SampleTypes.boxes)
        table.put(try box("b", #"{"Id":"b","Labels":["l"]}"#))
        #expect(table.differences() == [])
        let labels = try #require(SampleTypes.boxes.keptIndexes.firstIndex { $0.name == "Labels" })
        var lacking = table
        lacking.indexes[labels].move("b", from: ["l"], to: [])
        #expect(lacking.differences() == ["boxes/b is not in index Labels under l"])
        var stray = table
        stray.indexes[labels].move("b", from: ["l"], to: ["l", "m"])
        #expect(stray.differences() == ["index Labels of boxes: b is listed under m, which it does not have"])
        var empty = table
        empty.indexes[labels].listed.modify("m", default: Postings()) { _ in }
        #expect(empty.differences() == ["index Labels of boxes: an empty list under m"])
        table.put(try box("c", #"{"Id":"d"}"#))
        #expect(table.differences() == ["boxes/c holds an object of another key"])
    }

    @Test func `is clean while others write and history is forgotten`() async throws {
        let tracker = try SampleTypes.open().tracker
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for number in 0..<60 {
                        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                            try draft.create("shelves", ["Name": .string("s\(writer)-\(number)")])
                        }
                        if number % 3 == 0 {
                            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                                try draft.remove("shelves", at: "s\(writer)-\(number)")
                            }
                        }
                    }
                }
            }
            group.addTask {
                let keeper = HistoryCompactor(tracker, HistoryRetention(size: 4000))
                for _ in 0..<40 { _ = try await keeper.step() }
            }
            group.addTask {
                for _ in 0..<15 {
                    let differences = try await tracker.differences()
                    #expect(differences == [])
                }
            }
            try await group.waitForAll()
        }
        #expect(try await tracker.differences() == [])
    }

    /// The reads of the store that a check of `count` shelves and their history takes.
    private func reads(checking count: Int) async throws -> (values: Int, scans: Int) {
        let store = FaultInjectingStore(MemoryStore())
        let tracker = try SampleTypes.open(store).tracker
        for height in 1...2 {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                for number in 0..<count {
                    let shelf: JSONObject = ["Name": .string("s\(number)"), "Height": JSONValue(height)]
                    if height == 1 {
                        try draft.create("shelves", shelf)
                    } else {
                        try draft.replace("shelves", at: "s\(number)", with: shelf)
                    }
                }
            }
        }
        let before = (store.count(of: .value), store.count(of: .scan))
        let report = try await tracker.check()
        #expect(report.isClean && report.objects == count && report.versions == 2 * count, "\(report.differences)")
        return (store.count(of: .value) - before.0, store.count(of: .scan) - before.1)
    }

    @Test func `walks along the store, and looks nothing up for each object or version`() async throws {
        let (one, two, four) = (
            try await reads(checking: 2000), try await reads(checking: 4000), try await reads(checking: 8000)
        )
        #expect(one.values < 100 && two.values < 100 && four.values < 100, "\(one) \(two) \(four)")
        #expect(Double(two.scans) <= 2.3 * Double(one.scans) && Double(four.scans) <= 2.3 * Double(two.scans))
    }

    @Test func `ends when its task is cancelled`() async throws {
        let tracker = try await world().tracker
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        let (cancelled, go) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            // Cancelled while it waits here, before it has looked at anything.
            signal.finish()
            for await _ in cancelled {}
            return try await tracker.check()
        }
        for await _ in started {}
        task.cancel()
        go.finish()
        let error = await #expect(throws: TrackerError.self) { try await task.value }
        #expect(error?.code == .cancelled)
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `finds any row that is listed under a wrong value, or under none`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var table = Table(SampleTypes.boxes)
        for number in 0..<Int.random(in: 1...90, using: &random) {
            let labels = ["red", "green", "blue"].filter { _ in Int.random(in: 0..<10, using: &random) < 7 }
            let box: JSONObject = [
                "Id": .string("b\(number)"), "Labels": JSONValue(labels), "Weight": JSONValue(number % 3),
                "Shelf": .string(number % 20 == 0 ? "s" : "t"), "Barcode": .string("c\(number)"),
            ]
            let document = JSONDocument(.object(box))
            table.put(
                StoredObject(key: ByteString("b\(number)"), document: document, revision: Revision(1), layer: .writable)
            )
        }
        #expect(table.differences() == [], "seed \(seed)")
        for position in SampleTypes.boxes.keptIndexes.indices {
            var damaged = table
            let key = try #require(table.objects.map(\.key).randomElement(using: &random))
            let declaration = SampleTypes.boxes.keptIndexes[position]
            let values = IndexReader.values(declaration, in: try #require(table[key]).document)
            let others = Bool.random(using: &random) ? [] : [ByteString("x")]
            damaged.indexes[position].move(key, from: values, to: values.isEmpty ? ["x"] : others)
            #expect(damaged.differences() != [], "seed \(seed), \(declaration.name)")
        }
    }

    @Test func `says why it cannot be done while the store fails`() async throws {
        let store = FaultInjectingStore(MemoryStore())
        let tracker = try SampleTypes.open(store).tracker
        store.failUntilHealed(.scan)
        let error = await #expect(throws: TrackerError.self) { try await tracker.check() }
        #expect(error?.code == .unavailable)
    }
}
