import Basics
import JSON
import Provisioning
import Testing
import Tracker

/// What clients may send (C §2).
@Suite struct InputTests {
    @Test func `field names match without regard to case`() async throws {
        let world = try await TestServer()
        let stage = try await world.create(
            "stages", try json(#"{"name":"st","bootenv":"local","TASKS":[],"reboot":true}"#))
        #expect(stage["Name"] == "st")
        #expect(stage["BootEnv"] == "local")
        #expect(stage["Reboot"] == true)
        #expect(stage["name"] == nil)
    }

    @Test func `unknown fields are dropped, null and empty text stand for nothing`() async throws {
        let world = try await TestServer()
        let machine = try await world.create(
            "machines",
            try json(
                #"{"Name":"m1","Nonsense":1,"Profiles":null,"Params":null,"Meta":null,"Errors":null,"Uuid":"","CurrentJob":"","Address":"","Profile":{"Name":""}}"#
            ))
        #expect(machine.keys == (try #require(Catalog(Provisioning.types())["machines"]).schema.zero.keys))
        #expect(machine["Profiles"] == [])
        #expect(machine["Address"] == "")
    }

    @Test func `fully zero structures with zero times are accepted`() async throws {
        let world = try await TestServer()
        let job = try await world.create(
            "jobs",
            try json(
                #"{"Errors":null,"Meta":null,"Uuid":"","StartTime":"0001-01-01T00:00:00Z","State":"created","Stage":"none","Task":"t1"}"#
            ))
        #expect(job["StartTime"] == "0001-01-01T00:00:00Z")
        #expect(UUIDText.canonical(job["Uuid"]?.stringValue ?? "") != nil)
    }

    @Test func `what only the server sets is ignored`() async throws {
        let world = try await TestServer()
        let stage = try await world.create(
            "stages",
            try json(
                #"{"Name":"st","RunnerWait":false,"Validated":false,"Available":false,"Errors":["x"],"ReadOnly":true,"Bundle":"b","Endpoint":"e"}"#
            ))
        #expect(stage["RunnerWait"] == true)
        #expect(stage["Validated"] == true)
        #expect(stage["Available"] == true)
        #expect(stage["Errors"] == [])
        #expect(stage["ReadOnly"] == false)
        #expect(stage["Bundle"] == "")
        #expect(stage["Endpoint"] == "")
    }

    @Test func `a value of the wrong shape is refused in the words of Go`() async throws {
        let world = try await TestServer()
        let error = await refusal { () throws(TrackerError) in
            try await world.create("profiles", ["Name": "p1", "Params": 5])
        }
        #expect(error?.code == .undecodable)
        #expect(
            error?.messages == [
                "json: cannot unmarshal number into Go struct field Profile.Params of type map[string]interface {}"
            ])
    }

    @Test func `parts that Go omits when empty are left out`() async throws {
        let world = try await TestServer()
        let pool = try await world.create(
            "pools", ["Id": "p1", "ParentPool": "", "EnterActions": ["Workflow": "wf", "AddProfiles": []]])
        #expect(pool["ParentPool"] == nil)
        #expect(pool["EnterActions"] == ["Workflow": "wf"])
        let task = try await world.create(
            "tasks", ["Name": "t1", "ExtraRoles": ["r"], "ExtraClaims": [["scope": "*"]]])
        #expect(task["ExtraRoles"] == ["r"])
        #expect(task["ExtraClaims"] == [["scope": "*", "action": "", "specific": ""]])
    }

    @Test func `an update without the key keeps it, another key is refused`() async throws {
        let world = try await TestServer()
        try await world.create("profiles", ["Name": "p1"])
        let renamed = await refusal { () throws(TrackerError) in
            try await world.update("profiles", "p1", ["Name": "p2"])
        }
        #expect(renamed?.code == .keyChanged)
        try await world.change { (draft) throws(TrackerError) in
            _ = try draft.replace("profiles", at: "p1", with: ["Description": "new"])
        }
        #expect(world.object("profiles", "p1")?["Description"] == "new")
    }
}
