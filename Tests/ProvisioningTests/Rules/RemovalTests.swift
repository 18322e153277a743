import JSON
import Provisioning
import Testing
import Tracker

/// What may not be removed (C §3, §8.2).
@Suite struct RemovalTests {
    @Test func `the targets of default preferences stay`() async throws {
        let world = try await TestServer()
        try await world.create("bootenvs", ["Name": "local3"])
        try await world.create("bootenvs", ["Name": "catch", "OnlyUnknown": true])
        try await world.create("stages", ["Name": "st"])
        try await world.create("workflows", ["Name": "wf"])
        try await world.change { (draft) throws(TrackerError) in
            try draft.setPreferences([
                "defaultBootEnv": "local3", "unknownBootEnv": "catch", "defaultStage": "st", "defaultWorkflow": "wf",
            ])
        }
        let cases: [(TypeName, String, String)] = [
            ("bootenvs", "local3", "BootEnv local3 is the active defaultBootEnv, cannot remove it"),
            ("bootenvs", "catch", "BootEnv catch is the active unknownBootEnv, cannot remove it"),
            ("stages", "st", "Stage st is the active defaultStage, cannot remove it"),
            ("workflows", "wf", "Workflow wf is the active defaultWorkflow, cannot remove it"),
        ]
        for (typeName, key, message) in cases {
            let error = await refusal { () throws(TrackerError) in try await world.remove(typeName, key) }
            #expect(error == TrackerError(.stillInUse, typeName, key: key, message))
        }
        try await world.change { (draft) throws(TrackerError) in try draft.setPreferences(["defaultStage": "none"]) }
        try await world.remove("stages", "st")
    }

    @Test func `the global profile and profiles of machines stay`() async throws {
        let world = try await TestServer()
        try await world.create("profiles", ["Name": "p1"])
        try await world.create("machines", ["Name": "m1", "Profiles": ["p1"]])
        let used = await refusal { () throws(TrackerError) in try await world.remove("profiles", "p1") }
        #expect(used == TrackerError(.stillInUse, "profiles", key: "p1", "In use by Machine m1"))
        let global = await refusal { () throws(TrackerError) in try await world.remove("profiles", "global") }
        #expect(global?.code == .stillInUse)
    }

    @Test func `what overrides a pack's object may go, for that shows again`() async throws {
        let world = try await TestServer()
        try await world.update("bootenvs", "local", ["Description": "mine"])
        #expect(world.object("bootenvs", "local")?["Bundle"] == "")
        try await world.remove("bootenvs", "local")
        #expect(world.object("bootenvs", "local")?["Bundle"] == "BasicStore")
    }

    @Test func `a subnet with a scoped reservation stays`() async throws {
        let world = try await TestServer()
        try await world.create("subnets", NetworkTests.subnet("john", "192.168.100.0/24"))
        try await world.create(
            "reservations", ["Addr": "192.168.100.10", "Token": "t", "Strategy": "MAC", "Scoped": true])
        let error = await refusal { () throws(TrackerError) in try await world.remove("subnets", "john") }
        #expect(error?.messages == ["Reservation 192.168.100.10 is scoped for Subnet john, cannot delete."])
        try await world.remove("reservations", "192.168.100.10")
        try await world.remove("subnets", "john")
    }

    @Test func `jobs stay until they are done`() async throws {
        let world = try await TestServer()
        let uuid = "24679e38-53a2-4a82-99dd-5280139de00c"
        try await world.create(
            "jobs", ["Uuid": .string(uuid), "State": "created", "Stage": "none", "Task": "stage:none"])
        let error = await refusal { () throws(TrackerError) in try await world.remove("jobs", uuid) }
        #expect(error == TrackerError(.invalid, "jobs", key: uuid, "Jobs \(uuid) is not in a deletable state: created"))
        try await world.update("jobs", uuid, ["State": "failed"])
        try await world.remove("jobs", uuid)
    }

    @Test func `a locked machine can only be unlocked`() async throws {
        let world = try await TestServer()
        let uuid = try await world.create("machines", ["Name": "m1", "Locked": true])["Uuid"]?.stringValue ?? ""
        let locked = TrackerError(.locked, "machines", key: uuid, "Locked")
        let change = await refusal { () throws(TrackerError) in
            try await world.update("machines", uuid, ["Description": "x"])
        }
        #expect(change == locked)
        let removal = await refusal { () throws(TrackerError) in try await world.remove("machines", uuid) }
        #expect(removal == locked)
        let param = await refusal { () throws(TrackerError) in
            try await world.change { (draft) throws(TrackerError) in
                try draft.setParam("machines", at: uuid, "aa", to: 1)
            }
        }
        #expect(param == locked)
        try await world.update("machines", uuid, ["Description": "x", "Locked": false])
        try await world.remove("machines", uuid)
    }
}
