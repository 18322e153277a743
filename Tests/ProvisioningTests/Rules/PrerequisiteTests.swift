import JSON
import Provisioning
import Testing
import Tracker

@Suite struct PrerequisiteTests {
    @Test func `closing a circle of prerequisites is refused with the whole circle`() async throws {
        let world = try await TestServer()
        try await world.create("tasks", ["Name": "badbar", "Prerequisites": ["badfoo"]])
        try await world.create("tasks", ["Name": "badbaz", "Prerequisites": ["badbar"]])
        let error = await refusal { () throws(TrackerError) in
            try await world.create("tasks", ["Name": "badfoo", "Prerequisites": ["badbaz"]])
        }
        #expect(
            error?.messages == ["Task badfoo depends on itself!", "badfoo: badbaz: badbar: badfoo (cycle at 0)"])
    }

    @Test func `two ways to one prerequisite are no circle`() async throws {
        let world = try await TestServer()
        try await world.create("tasks", ["Name": "base"])
        try await world.create("tasks", ["Name": "left", "Prerequisites": ["base"]])
        try await world.create("tasks", ["Name": "right", "Prerequisites": ["base", "left"]])
        try await world.create("tasks", ["Name": "top", "Prerequisites": ["left", "right", "base"]])
        #expect(world.isAvailable("tasks", "top"))
    }

    @Test func `a long chain does not matter`() async throws {
        let world = try await TestServer()
        let last = 300
        try await world.change { (draft) throws(TrackerError) in
            for number in 0...last {
                let next: JSONValue = number == 0 ? [] : [.string("task\(number - 1)")]
                try draft.create("tasks", ["Name": .string("task\(number)"), "Prerequisites": next])
            }
        }
        #expect(world.isAvailable("tasks", "task\(last)"))
    }
}
