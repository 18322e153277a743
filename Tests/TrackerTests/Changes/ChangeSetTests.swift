import JSON
import Store
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `A change set` {
    @Test func `does its operations in order, as one revision`() async throws {
        let tracker = try SampleTypes.open().tracker
        let commit = try await tracker.perform([
            ObjectOperation(.create(["Name": "s"]), "shelves"),
            ObjectOperation(.create(["Shelf": "s"]), "boxes", at: "b"),
            ObjectOperation(
                .patch(JSONPatch(operations: [.replace(path: JSONPointer(tokens: ["Weight"]), value: 7)])), "boxes",
                at: "b"),
            ObjectOperation(.create(["Name": "gone"]), "shelves"),
            ObjectOperation(.delete, "shelves", at: "gone"),
        ])
        #expect(commit.snapshot.revision == Revision(1))
        #expect(commit.changes.map(\.id.description) == ["shelves/s", "boxes/b"])
        #expect(tracker.snapshot.object("boxes", "b")?.object["Weight"] == 7)
    }

    @Test func `is refused as a whole, naming the change`() async throws {
        let tracker = try SampleTypes.open().tracker
        let error = await #expect(throws: TrackerError.self) {
            try await tracker.perform([
                ObjectOperation(.create(["Name": "s"]), "shelves"),
                ObjectOperation(.create(["Id": "b", "Weight": 2000]), "boxes", at: "b"),
            ])
        }
        #expect(error?.messages == ["change 1 (create boxes/b): Weight 2000 is over 1000"])
        #expect(error?.code == .invalid)
        #expect(tracker.snapshot.objectCount == 0)
    }

    @Test func `is refused when an object is not as expected`() async throws {
        let tracker = try SampleTypes.open().tracker
        let made = try await tracker.perform([ObjectOperation(.create(["Name": "s"]), "shelves")])
        let etag = made.snapshot.etag(of: try #require(made.value.first))
        let delete = ObjectOperation(.delete, "shelves", at: "s", ifMatch: "\"other\"")
        let error = await #expect(throws: TrackerError.self) { try await tracker.perform([delete]) }
        #expect(error?.code == .conflict)
        _ = try await tracker.perform([ObjectOperation(.delete, "shelves", at: "s", ifMatch: etag)])
        #expect(tracker.snapshot.objectCount == 0)
    }

    @Test(arguments: [["Name": "x"], ["NAME": "y", "name": "x"], ["Name": "x", "name": "y"]] as [JSONObject])
    func `takes the key from beside the object, unless one of its spellings differs`(object: JSONObject) async throws {
        let tracker = try SampleTypes.open().tracker
        let error = await #expect(throws: TrackerError.self) {
            try await tracker.perform([ObjectOperation(.create(object), "shelves", at: "y")])
        }
        #expect(error?.code == .undecodable)
        #expect(tracker.snapshot.objectCount == 0)
        _ = try await tracker.perform([ObjectOperation(.create(["name": ""]), "shelves", at: "y")])
        #expect(tracker.snapshot.object("shelves", "y") != nil)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `answers a dry run as the commit that follows`(seed: UInt64) async throws {
        let tracker = try SampleTypes.open().tracker
        var random = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            let operations = Self.operations(&random)
            let body: @Sendable (inout Draft) throws(TrackerError) -> [StoredObject] = {
                draft throws(TrackerError) in try draft.perform(operations)
            }
            let before = tracker.snapshot
            let dry = Result { () throws(TrackerError) in try tracker.dryRun(someone, body).outcome }
            #expect(tracker.snapshot.revision == before.revision)
            do throws(TrackerError) {
                let commit = try await tracker.commit(someone, body)
                let outcome = try dry.get()
                #expect(PastStates.content(commit.snapshot) == PastStates.content(outcome.snapshot), "seed \(seed)")
                #expect(commit.changes.map(\.id) == outcome.changes.map(\.id), "seed \(seed)")
                #expect(
                    commit.changes.map { $0.after.map(before.etag) }
                        == outcome.changes.map { $0.after.map(before.etag) }, "seed \(seed)")
            } catch {
                #expect(throws: error, "seed \(seed)") { try dry.get() }
            }
        }
    }

    private static func operations(_ random: inout SeededGenerator) -> [ObjectOperation] {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in
            let key = "k\(Int.random(in: 0..<12, using: &random))"
            let typeName: TypeName = Bool.random(using: &random) ? "shelves" : "boxes"
            let field = typeName == "shelves" ? "Height" : "Weight"
            let number = JSONValue(Int.random(in: 0..<1200, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0: return ObjectOperation(.create([field: number]), typeName, at: key)
            case 1: return ObjectOperation(.replace([field: number]), typeName, at: key)
            case 2:
                let patch = JSONPatch(operations: [.replace(path: JSONPointer(tokens: [field]), value: number)])
                return ObjectOperation(.patch(patch), typeName, at: key)
            default: return ObjectOperation(.delete, typeName, at: key)
            }
        }
    }
}

extension DataTracker {
    func perform(_ operations: [ObjectOperation]) async throws(TrackerError) -> Committed<[StoredObject]> {
        try await commit(someone) { draft throws(TrackerError) in try draft.perform(operations) }
    }
}
