import JSON
import Provisioning
import Testing
import Tracker

/// Types that providers declare (C §5.3).
@Suite struct RawTypeTests {
    private static let cows = RawType.make(
        typeName: "cows",
        properties: [
            "Spotted": ["type": "boolean", "isrequired": true], "Age": ["type": "integer"], "Tags": ["type": "array"],
        ])

    @Test func `a raw object keeps what it likes and has its type's name`() async throws {
        let world = try await TestServer(extraTypes: [Self.cows])
        let cow = try await world.create(
            "cows", ["Id": "bessie", "Type": "horses", "Spotted": true, "Mood": ["calm": 1]])
        #expect(cow["Type"] == "cows")
        #expect(cow["Mood"] == ["calm": 1])
        #expect(cow["Params"] == [:])
        #expect(cow["Available"] == true)
    }

    @Test func `a raw object must follow its provider's schema`() async throws {
        let world = try await TestServer(extraTypes: [Self.cows])
        let missing = await refusal { () throws(TrackerError) in try await world.create("cows", ["Id": "a"]) }
        #expect(missing?.messages == ["Error in value: (root): Spotted is required"])
        let wrong = await refusal { () throws(TrackerError) in
            try await world.create("cows", ["Id": "a", "Spotted": "very"])
        }
        #expect(wrong?.messages == ["Error in value: Spotted: Invalid type. Expected: boolean, given: string"])
    }

    @Test func `fields with schemas can be searched`() async throws {
        #expect(Self.cows.indexes.map(\.name) == ["Id", "Type", "Age", "Spotted", "Tags"])
        #expect(Self.cows.index(named: "spotted")?.kind == .boolean)
        #expect(Self.cows.index(named: "Id")?.isUnique == false)
    }

    @Test func `an object needs an id`() async throws {
        let world = try await TestServer()
        let error = await refusal { () throws(TrackerError) in try await world.create("kk", [:]) }
        #expect(error?.code == .emptyKey)
    }
}
