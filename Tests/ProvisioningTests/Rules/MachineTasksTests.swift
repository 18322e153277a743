import JSON
import Provisioning
import Testing
import Tracker

/// What becomes of a machine's position when its task list changes (C §15.2).
@Suite struct `A machine whose task list is changed` {
    private func world() async throws -> TestServer {
        let world = try await TestServer()
        for name in ["t1", "t2"] { try await world.create("tasks", ["Name": .string(name)]) }
        return world
    }

    private static func position(_ machine: JSONObject) -> [JSONValue?] {
        [machine["CurrentTask"], machine["WorkflowComplete"]]
    }

    @Test func `begins before the first task if it had none`() async throws {
        let world = try await world()
        let made = try await world.create("machines", ["Name": "idle"])
        let key = made["Uuid"]?.stringValue ?? ""
        #expect(Self.position(made) == [0, true])
        #expect(Self.position(try await world.update("machines", key, ["Tasks": ["t1"]])) == [-1, false])
        #expect(Self.position(try await world.update("machines", key, ["Tasks": ["t1", "t2"]])) == [-1, false])
        #expect(Self.position(try await world.update("machines", key, ["Tasks": []])) == [0, true])
        #expect(Self.position(try await world.update("machines", key, ["Tasks": ["t2"]])) == [-1, false])
    }

    @Test func `goes on with what was appended if it has run its list`() async throws {
        let world = try await world()
        let made = try await world.create("machines", ["Name": "done", "Tasks": ["t1"]])
        let key = made["Uuid"]?.stringValue ?? ""
        #expect(Self.position(made) == [-1, false])
        try await world.change { draft throws(TrackerError) in
            try draft.updateAsServer("machines", at: key) { object in
                object["CurrentTask"] = 1
                object["WorkflowComplete"] = true
            }
        }
        #expect(Self.position(try await world.update("machines", key, ["Description": "done"])) == [1, true])
        #expect(Self.position(try await world.update("machines", key, ["Tasks": ["t1", "t2"]])) == [1, false])
    }
}
