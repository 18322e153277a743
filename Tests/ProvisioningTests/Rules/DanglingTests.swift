import JSON
import Provisioning
import Store
import Testing
import Tracker

/// Names that lead nowhere, and what happens when what they name comes and goes (C §4.5, §6).
@Suite struct DanglingTests {
    @Test func `a stage may wait for its bootenv, tasks and profiles`() async throws {
        let world = try await TestServer()
        let stage = try await world.create(
            "stages", ["Name": "fred", "BootEnv": "fredhammer", "Tasks": ["t1", "action:p1:a1"], "Profiles": ["p1"]])
        #expect(stage["Validated"] == true)
        #expect(stage["Available"] == false)
        #expect(
            stage["Errors"] == [
                "fred: BootEnv fredhammer does not exist", "fred: Task t1 (at 0) does not exist",
                "fred: Profile p1 (at 0) does not exist",
            ])
        try await world.create("bootenvs", ["Name": "fredhammer"])
        try await world.create("tasks", ["Name": "t1"])
        try await world.create("profiles", ["Name": "p1"])
        #expect(world.isAvailable("stages", "fred"))
        try await world.remove("bootenvs", "fredhammer")
        #expect(world.errors("stages", "fred") == ["fred: BootEnv fredhammer does not exist"])
    }

    @Test func `availability travels from template to bootenv to stage to workflow to machine`() async throws {
        let world = try await TestServer()
        let templates: JSONValue = [["Name": "a", "Path": "a", "ID": "tmpl"]]
        try await world.create("templates", ["ID": "tmpl"])
        try await world.create("bootenvs", ["Name": "be", "Templates": templates])
        try await world.create("stages", ["Name": "st", "BootEnv": "be"])
        try await world.create("workflows", ["Name": "wf", "Stages": ["st"]])
        let machine = try await world.create("machines", ["Name": "m1", "Workflow": "wf"])
        let uuid = machine["Uuid"]?.stringValue ?? ""
        #expect(machine["Available"] == true)

        try await world.remove("templates", "tmpl")
        #expect(world.errors("bootenvs", "be") == ["be: Templates[0]: No common template for tmpl"])
        #expect(world.errors("stages", "st") == ["st: BootEnv be is not available"])
        #expect(world.errors("workflows", "wf") == ["wf: Stage st is not available"])
        #expect(
            world.errors("machines", uuid) == [
                "Machine \(uuid) wants Stage st, which is not available", "BootEnv be is not available",
                "Machine \(uuid) wants Workflow wf, which is not available",
            ])

        try await world.create("templates", ["ID": "tmpl"])
        #expect(world.isAvailable("machines", uuid))
    }

    @Test func `a workflow says which stage is missing`() async throws {
        let world = try await TestServer()
        let workflow = try await world.create("workflows", ["Name": "wf", "Stages": ["none", "missing"]])
        #expect(workflow["Errors"] == ["wf: Stage missing does not exist"])
    }

    @Test func `a machine is refused what is missing or unusable`() async throws {
        let world = try await TestServer()
        try await world.create("bootenvs", ["Name": "foo", "Kernel": "vmlinuz", "OS": ["Name": "os"]])
        let error = await refusal { () throws(TrackerError) in
            try await world.create("machines", ["Name": "m1", "BootEnv": "foo"])
        }
        #expect(error?.messages == ["BootEnv foo is not available"])
    }

    @Test func `a machine whose profile has gone can still be changed otherwise`() async throws {
        let world = try await TestServer(packs: [("pack", ["profiles": ["p1": ["Name": "p1"], "p2": ["Name": "p2"]]])])
        let uuid = try await world.create("machines", ["Name": "m1", "Profiles": ["p1"]])["Uuid"]?.stringValue ?? ""
        try await world.change { (draft) throws(TrackerError) in _ = try draft.removePack("pack") }
        let errors = ["\(uuid): Profile p1 (at 0) does not exist"]
        #expect(world.errors("machines", uuid) == errors)

        let described = try await world.update("machines", uuid, ["Description": "still here"])
        #expect(described["Description"] == "still here")
        #expect(world.errors("machines", uuid) == errors)

        let error = await refusal { () throws(TrackerError) in
            try await world.update("machines", uuid, ["Profiles": ["p1", "p2"]])
        }
        #expect(error?.messages == ["\(uuid): Profile p2 (at 1) does not exist"])
    }

    @Test func `a task waits for its templates and prerequisites`() async throws {
        let world = try await TestServer()
        try await world.create(
            "tasks", ["Name": "t1", "Templates": [["Name": "a", "ID": "tmpl"]], "Prerequisites": ["t2"]])
        #expect(
            world.errors("tasks", "t1") == [
                "t1: Templates[0]: No common template for tmpl", "t1: Task t2 (at 0) does not exist",
            ])
        try await world.create("templates", ["ID": "tmpl"])
        try await world.create("tasks", ["Name": "t2"])
        #expect(world.isAvailable("tasks", "t1"))
    }

    @Test func `a bootenv that becomes one for unknown machines is no use to a stage`() async throws {
        let world = try await TestServer()
        try await world.create("bootenvs", ["Name": "be"])
        try await world.create("stages", ["Name": "st", "BootEnv": "be"])
        try await world.update("bootenvs", "be", ["OnlyUnknown": true])
        #expect(
            world.errors("stages", "st") == [
                "st: BootEnv be does not allow Machine assignments, it has the OnlyUnknown flag."
            ])
    }

    @Test func `plugins wait for their provider and stop at their own errors`() async throws {
        let world = try await TestServer()
        try await world.create("plugins", ["Name": "pl", "Provider": "prov"])
        #expect(world.errors("plugins", "pl") == ["pl: Plugin Provider prov does not exist"])
        try await world.change { (draft) throws(TrackerError) in
            _ = try draft.createAsServer("plugin_providers", ["Name": "prov"])
        }
        #expect(world.isAvailable("plugins", "pl"))
        try await world.change { (draft) throws(TrackerError) in
            _ = try draft.updateAsServer("plugins", at: "pl") { (object) throws(TrackerError) in
                object["PluginErrors"] = ["boom"]
            }
        }
        #expect(world.errors("plugins", "pl") == ["boom"])
    }

    @Test func `a pack may bring what names nothing, with a warning`() async throws {
        let world = try await TestServer()
        let result = try await world.push(
            "pack", ["stages": ["st": ["Name": "st", "Profiles": ["p1-prof"]]], "machines": [:]])
        #expect(result.warnings.map(\.text) == ["Profile p1-prof (at 0) does not exist"])
        #expect(world.object("stages", "st")?["ReadOnly"] == true)
        #expect(world.object("stages", "st")?["Bundle"] == "pack")
        try await world.create("profiles", ["Name": "p1-prof"])
        #expect(world.isAvailable("stages", "st"))
    }

    @Test func `a pack with an object that is wrong in itself is refused`() async throws {
        let world = try await TestServer()
        let error = await refusal { () throws(TrackerError) in
            do { _ = try await world.push("pack", ["stages": ["s": ["Name": "s"]]]) } catch let error as TrackerError {
                throw error
            } catch {}
        }
        #expect(error?.messages == ["stages: s: Invalid Name `s`"])
        #expect(world.object("stages", "s") == nil)
    }

    @Test func `what changed in packs while the server was down is noticed at start`() async throws {
        let store = MemoryStore()
        let pack: JSONObject = ["stages": ["st": ["Name": "st"]]]
        let before = try await TestServer(store: store, packs: [("pack", pack)])
        try await before.create("workflows", ["Name": "wf", "Stages": ["st"]])
        #expect(before.isAvailable("workflows", "wf"))

        let without = try await TestServer(store: store)
        #expect(without.errors("workflows", "wf") == ["wf: Stage st does not exist"])
        let again = try await TestServer(store: store, packs: [("pack", pack)])
        #expect(again.isAvailable("workflows", "wf"))
    }
}
