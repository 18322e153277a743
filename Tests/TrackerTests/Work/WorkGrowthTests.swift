import JSON
import Store
import StoreTesting
import Synchronization
import Testing

@testable import Tracker

/// What clients and packs can have done grows with what they send, and reading the past with how much there is of it.
@Suite struct WorkGrowthTests {
    /// An object of any size, and the schema it is decoded by.
    struct DecodeCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let schema: ObjectSchema
        let object: @Sendable (Int) -> JSONObject

        init(_ name: String, _ fields: [Field], isOpen: Bool = false, _ object: @escaping @Sendable (Int) -> JSONObject)
        {
            testDescription = name
            schema = ObjectSchema("Thing", fields, isOpen: isOpen)
            self.object = object
        }
    }

    private static let inner = ObjectSchema("Inner", [Field("A", .string), Field("B", .list(.integer))])

    private static func many(_ count: Int, _ name: (Int) -> String, _ value: JSONValue) -> JSONObject {
        JSONObject((0..<count).map { (name($0), value) })
    }

    static let decodes = [
        DecodeCase("unknown members of a closed type", [Field("M", .string)]) { many($0, { "u\($0)" }, 1) },
        DecodeCase("unknown members of an open type", [Field("M", .string), Field("v", .string)], isOpen: true) {
            many($0, { "u\($0)" }, 1)
        },
        DecodeCase("fields in another case", [Field("M", .string)], isOpen: true) { size in
            many(size, { "u\($0)" }, 1).merging(["m": "x"]) { $1 }
        },
        DecodeCase("a list of texts", [Field("L", .list(.string))]) { ["L": .array(Array(repeating: "x", count: $0))] },
        DecodeCase("a list of records", [Field("L", .list(.record(inner)))]) {
            ["L": .array(Array(repeating: ["a": "x", "B": [1, 2]], count: $0))]
        },
        DecodeCase("a map of addresses", [Field("P", .map(.address))]) {
            ["P": .object(many($0, { "k\($0)" }, "10.0.0.1"))]
        },
        DecodeCase("a map of maps", [Field("P", .map(.map(.integer)))]) {
            ["P": .object(many($0, { "k\($0)" }, ["x": 1]))]
        },
    ]

    @Test(arguments: decodes) func `an object is decoded in steps in proportion to its size`(of: DecodeCase) throws {
        let growth = try StepGrowth.perDoubling(of: 500) { size in
            var work = StepBudget(.max)
            _ = try of.schema.decode(of.object(size), at: "Thing", &work)
            return work.steps
        }
        #expect(growth <= StepGrowth.limit)
    }

    @Test func `a pack is admitted in steps in proportion to its objects`() throws {
        let growth = try StepGrowth.perDoubling(of: 200) { size in
            var work = StepBudget(.max)
            let boxes = Self.many(size, { "b\($0)" }, ["Labels": ["a", "b"], "Params": ["p": 1]])
            let shelves = Self.many(size, { "s\($0)" }, ["Height": 1])
            _ = try Layer.admitting(
                kind: .dynamic, name: "big", metadata: ["Name": "big"],
                sections: ["boxes": .object(boxes), "shelves": .object(shelves)], catalog: SampleTypes.catalog,
                within: &work)
            return work.steps
        }
        #expect(growth <= StepGrowth.limit)
    }

    /// A tracker over a store that counts, with `size` commits to one shelf and as many to others.
    private static func past(_ size: Int) async throws -> (tracker: DataTracker, store: CountingStore) {
        let store = CountingStore(MemoryStore())
        let tracker = try SampleTypes.open(store).tracker
        for height in 1...size {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                if height == 1 {
                    _ = try draft.create("shelves", ["Name": "one", "Height": 1])
                } else {
                    _ = try draft.replace("shelves", at: "one", with: ["Name": "one", "Height": JSONValue(height)])
                }
            }
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                try draft.create("shelves", ["Name": .string("other\(height)")])
            }
        }
        store.reset()
        return (tracker, store)
    }

    /// All pages of what `query` finds, with what became of each object.
    private static func readAll(_ query: HistoryQuery, _ tracker: DataTracker) async throws {
        var query = query
        while true {
            let page = try await tracker.records(query)
            for record in page.records { _ = try await tracker.changes(of: record, record.entries[...]) }
            guard let next = page.next else { return }
            query.last = next
        }
    }

    @Test(arguments: [nil, "one"])
    func `a history is read in steps in proportion to its commits`(key: String?) async throws {
        let growth = try await StepGrowth.perDoubling(of: 100) { size in
            let (tracker, store) = try await Self.past(size)
            var query = HistoryQuery()
            (query.typeName, query.key, query.limit) = ("shelves", key, 20)
            try await Self.readAll(query, tracker)
            return store.steps
        }
        #expect(growth <= StepGrowth.limit)
    }

    @Test func `a past state is made in steps in proportion to the commits since`() async throws {
        let growth = try await StepGrowth.perDoubling(of: 100) { size in
            let (tracker, store) = try await Self.past(size)
            _ = try await tracker.snapshot(at: Revision(1))
            return store.steps
        }
        #expect(growth <= StepGrowth.limit)
    }
}

/// A store that counts what is read of it: a step for each pair that a scan visits and each value that is looked up, and one
/// for each 4 KiB of them.
private final class CountingStore: KeyValueStore {
    private let base: any KeyValueStore
    private let count = Mutex(0)

    init(_ base: any KeyValueStore) { self.base = base }

    var steps: Int { count.withLock { $0 } }
    func reset() { count.withLock { $0 = 0 } }

    var locator: StoreLocator { base.locator }
    var maximumKeyLength: Int { base.maximumKeyLength }
    var condition: StoreCondition { base.condition }

    func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try base.scan(keyspace, from: from, upTo: upTo, descending: descending) {
            (key, value) throws(StoreError) in
            count.withLock { $0 += 1 + value.count >> 12 }
            return try visit(key, value)
        }
    }

    func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        let value = try base.value(keyspace, key: key)
        count.withLock { $0 += 1 + (value?.count ?? 0) >> 12 }
        return value
    }

    func apply(_ batch: WriteBatch) throws(StoreError) { try base.apply(batch) }
    func close() throws(StoreError) { try base.close() }
}
