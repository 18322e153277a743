import Basics
import JSON
import Store
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `Objects with typed keys` {
    /// A tracker with lots 1, 9, 10 and 100, two ports and three slots.
    private func world(_ store: any KeyValueStore = MemoryStore()) async throws -> DataTracker {
        let tracker = try KeyedTypes.open(store)
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            for number in [100, 9, 10, 1] { try draft.create("lots", ["Number": JSONValue(number), "Name": "n"]) }
            for address in ["10.0.0.10", "10.0.0.9"] { try draft.create("ports", ["Address": .string(address)]) }
            for (rack, place) in [("b", 1), ("a", 10), ("a", 9)] {
                try draft.create("slots", ["Rack": .string(rack), "Place": JSONValue(place)])
            }
        }
        return tracker
    }

    private func keys(_ type: ObjectType, _ arguments: [(String, String)], _ state: Snapshot) throws -> [String] {
        let query = try ListQuery(arguments: arguments.map { (name: $0.0, value: $0.1) }, type: type)
        return try state.list(type.typeName, query).objects.map(\.key.string)
    }

    @Test func `are listed in the order of their type`() async throws {
        let state = try await world().snapshot
        #expect(try keys(KeyedTypes.lots, [], state) == ["1", "9", "10", "100"])
        #expect(try keys(KeyedTypes.ports, [], state) == ["10.0.0.9", "10.0.0.10"])
        #expect(try keys(KeyedTypes.slots, [], state) == ["a,9", "a,10", "b,1"])
        #expect(
            try keys(KeyedTypes.lots, [("sort", "Key"), ("reverse", "true"), ("limit", "2")], state) == ["100", "10"])
        #expect(
            try keys(KeyedTypes.lots, [("sort", "Number"), ("offset", "1"), ("limit", "2")], state) == ["9", "10"])
        #expect(
            try keys(KeyedTypes.ports, [("sort", "Address"), ("reverse", "")], state) == ["10.0.0.10", "10.0.0.9"])
    }

    @Test(arguments: [
        ("Key", "9", ["9"]), ("Number", "9", ["9"]), ("Key", "Gt(9)", ["10", "100"]),
        ("Number", "Gte(9)", ["9", "10", "100"]),
        ("Key", "Lt(10)", ["1", "9"]), ("Number", "Between(2,50)", ["9", "10"]), ("key", "In(1,100)", ["1", "100"]),
        ("Key", "Ne(9)", ["1", "10", "100"]), ("Key", "Gt(0)", ["1", "9", "10", "100"]), ("Key", "-3", []),
    ])
    func `are filtered by key as numbers`(name: String, test: String, expected: [String]) async throws {
        #expect(try keys(KeyedTypes.lots, [(name, test)], try await world().snapshot) == expected)
    }

    @Test func `are filtered by addresses and by several fields`() async throws {
        let state = try await world().snapshot
        #expect(try keys(KeyedTypes.ports, [("Key", "Gt(10.0.0.9)")], state) == ["10.0.0.10"])
        #expect(try keys(KeyedTypes.slots, [("Key", "Gte(a,10)")], state) == ["a,10", "b,1"])
        #expect(try keys(KeyedTypes.slots, [("Key", "a,9")], state) == ["a,9"])
        #expect(try keys(KeyedTypes.slots, [("Rack", "a")], state) == ["a,9", "a,10"])
        for (type, value) in [
            (KeyedTypes.lots, "x"), (KeyedTypes.ports, "x"), (KeyedTypes.slots, "a"), (KeyedTypes.lots, "Re(1)"),
        ] {
            let refusal = #expect(throws: TrackerError.self) { try keys(type, [("Key", value)], state) }
            #expect(refusal?.code == .badQuery)
        }
    }

    @Test func `are found by the one spelling of their key, and have it as a number`() async throws {
        let tracker = try await world()
        let lot = try #require(tracker.snapshot.resolve("lots", "9"))
        #expect(lot.document.member("Number")?.int == 9)
        for path in ["09", "+9", "9.0", "x", "", "lots"] { #expect(tracker.snapshot.resolve("lots", path) == nil) }
        #expect(tracker.snapshot.resolve("lots", "Number:10")?.key.string == "10")
        #expect(tracker.snapshot.resolve("ports", "::ffff:10.0.0.9")?.key.string == "10.0.0.9")
        #expect(tracker.snapshot.resolve("slots", "b,1")?.document.member("Rack")?.string == "b")
    }

    @Test func `are refused with a key out of range, none, or another than before`() async throws {
        let tracker = try await world()
        func code(_ body: @Sendable (inout Draft) throws(TrackerError) -> StoredObject) -> TrackerError.Code? {
            do throws(TrackerError) {
                _ = try tracker.dryRun(someone, body)
                return nil
            } catch { return error.code }
        }
        #expect(code { draft throws(TrackerError) in try draft.create("lots", ["Number": -1]) } == .invalid)
        #expect(
            code { draft throws(TrackerError) in try draft.create("lots", ["Number": 9_007_199_254_740_992]) }
                == .invalid)
        #expect(code { draft throws(TrackerError) in try draft.create("lots", [:]) } == .emptyKey)
        #expect(code { draft throws(TrackerError) in try draft.create("lots", ["Number": "7"]) } == .undecodable)
        #expect(code { draft throws(TrackerError) in try draft.create("lots", ["Number": 9]) } == .alreadyExists)
        #expect(code { draft throws(TrackerError) in try draft.create("slots", ["Rack": "a"]) } == .emptyKey)
        #expect(
            code { draft throws(TrackerError) in try draft.replace("lots", at: "9", with: ["Number": 8]) }
                == .keyChanged)
        #expect(code { draft throws(TrackerError) in try draft.replace("lots", at: "9", with: ["Name": "x"]) } == nil)
        let long = String(repeating: "\0", count: 300)
        #expect(
            code { draft throws(TrackerError) in try draft.create("slots", ["Rack": .string(long), "Place": 1]) }
                == .invalid)
    }

    @Test func `are made under the key that stands beside them in a change set`() async throws {
        let tracker = try await world()
        let made = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.perform([
                ObjectOperation(.create(["Name": "x"]), "lots", at: "7"),
                ObjectOperation(.create(["Number": 8]), "lots", at: "8"),
                ObjectOperation(.create(["Name": "x"]), "slots", at: "c,3"),
                ObjectOperation(.create([:]), "ports", at: "10.0.0.3"), ObjectOperation(.delete, "lots", at: "100"),
            ])
        }
        #expect(made.changes.map(\.id.description) == ["lots/7", "lots/8", "slots/c,3", "ports/10.0.0.3", "lots/100"])
        for (path, number) in [("7", 8), ("x", 0), ("0", 0)] {
            let operation = ObjectOperation(.create(["Number": JSONValue(number)]), "lots", at: path)
            let refusal = #expect(throws: TrackerError.self) {
                try tracker.dryRun(someone) { draft throws(TrackerError) in try draft.perform(operation) }
            }
            #expect(refusal?.code == .undecodable)
        }
    }

    @Test func `are told of by the text of their key in events and history`() async throws {
        let tracker = try await world()
        let reader = try await tracker.events.reader(from: .after(tracker.events.now), ringing: AsyncSignal())
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.replace("lots", at: "9", with: ["Name": "new"])
            return try draft.remove("slots", at: "a,10")
        }
        var watching = reader
        let group = try #require(try await watching.read().first)
        #expect(group.events.map { "\($0.type)/\($0.key)" } == ["lots/9", "slots/a,10"])
        let record = try await tracker.record(of: tracker.snapshot.revision)
        #expect(record.entries.map(\.id.description) == ["lots/9", "slots/a,10"])
        var query = HistoryQuery()
        (query.typeName, query.key) = ("lots", "9")
        #expect(try await tracker.records(query).records.map(\.revision.number) == [2, 1])
        query.typeName = nil
        #expect(try await tracker.records(query).records.map(\.revision.number) == [2, 1])
    }

    @Test func `are looked at again when what they name by key comes or goes`() async throws {
        let tracker = try await world()
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.create("lots", ["Number": 11, "After": 10])
            return try draft.create("tags", ["Name": "t", "Lots": [1, 9], "Port": "10.0.0.9", "Slot": "a,9"])
        }
        #expect(tracker.snapshot.object("tags", "t")?.errors(KeyedTypes.tags) == [])
        for (typeName, path) in [("lots", "9"), ("ports", "10.0.0.9"), ("slots", "a,9")] as [(TypeName, String)] {
            let number = tracker.snapshot.revision.next
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.remove(typeName, at: path) }
            #expect(
                tracker.snapshot.object("tags", "t")?.errors(KeyedTypes.tags) == ["\(typeName)/\(path) does not exist"])
            let plan = try await tracker.undoPlan(for: number)
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.undo(plan) }
            #expect(tracker.snapshot.object("tags", "t")?.errors(KeyedTypes.tags) == [])
        }
        let state = tracker.snapshot
        #expect(
            state.keys("lots", where: .field("After"), names: state.catalog.id("lots", "10")).map(\.string) == ["11"])
        #expect(try await tracker.differences() == [])
    }

    @Test func `come in packs, are overridden and show again`() async throws {
        let (store, catalog) = (MemoryStore(), KeyedTypes.catalog)
        let sections: JSONObject = ["lots": ["2": ["Name": "from pack"], "3": ["Number": 3]]]
        let base = try Layer.admitting(
            kind: .default, name: "base", metadata: ["Name": "base"], sections: sections, catalog: catalog)
        let slot: JSONObject = ["slots": ["p,1": ["Name": "slot"]]]
        let pack = try Layer.admitting(
            kind: .dynamic, name: "p", metadata: ["Name": "p"], sections: slot, catalog: catalog)
        let tracker = try KeyedTypes.open(store, packs: [base])
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.push(pack) }
        #expect(tracker.snapshot.object("slots", "p,1")?.isFromPack == true)
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.replace("lots", at: "2", with: ["Name": "mine"])
        }
        #expect(try await tracker.differences() == [])
        let again = try KeyedTypes.open(store, packs: [base])
        #expect(again.snapshot.object("lots", "2")?.document.member("Name")?.string == "mine")
        #expect(again.snapshot.object("slots", "p,1")?.isFromPack == true)
        _ = try await again.commit(someone) { draft throws(TrackerError) in try draft.remove("lots", at: "2") }
        #expect(again.snapshot.object("lots", "2")?.document.member("Name")?.string == "from pack")
        #expect(try await again.differences() == [])
        #expect(throws: TrackerError.self) {
            try Layer.admitting(
                kind: .dynamic, name: "q", metadata: [:], sections: ["lots": ["x": ["Name": "x"]]], catalog: catalog)
        }
    }
}
