import Basics
import JSON
import Provisioning
import Testing
import Tracker

/// What the server adds to new objects (C §4.4).
@Suite struct SideEffectTests {
    @Test func `a machine of nothing but a name gets all it needs`() async throws {
        let world = try await TestServer()
        let machine = try await world.create("machines", ["Name": "m1"])
        #expect(UUIDText.canonical(machine["Uuid"]?.stringValue ?? "") != nil)
        #expect(machine["Secret"]?.stringValue?.utf8.count == 16)
        #expect(machine["BootEnv"] == "local")
        #expect(machine["Stage"] == "none")
        #expect(machine["Workflow"] == "")
        #expect(machine["Runnable"] == true)
        #expect(machine["CurrentTask"] == 0)
        #expect(machine["WorkflowComplete"] == true)
        #expect(machine["Pool"] == "default")
        #expect(machine["PoolStatus"] == "Free")
        #expect(machine["Arch"] == "amd64")
        #expect(machine["Meta"] == ["feature-flags": "change-stage-v2"])
        #expect(machine["Available"] == true)
    }

    @Test func `a machine with tasks starts before the first of them`() async throws {
        let world = try await TestServer()
        try await world.create("tasks", ["Name": "t1"])
        let machine = try await world.create(
            "machines", ["Name": "m1", "Tasks": ["t1"], "Meta": ["feature-flags": "zz,aa"]])
        #expect(machine["CurrentTask"] == -1)
        #expect(machine["WorkflowComplete"] == false)
        #expect(machine["Meta"] == ["feature-flags": "aa,change-stage-v2,zz"])
    }

    @Test func `preferences decide where new machines start`() async throws {
        let world = try await TestServer()
        try await world.create("stages", ["Name": "st"])
        try await world.create("workflows", ["Name": "wf", "Stages": ["st"]])
        try await world.change { (draft) throws(TrackerError) in
            try draft.setPreferences(["defaultStage": "st", "defaultWorkflow": "wf"])
        }
        let machine = try await world.create("machines", ["Name": "m1"])
        #expect(machine["Stage"] == "st")
        #expect(machine["Workflow"] == "wf")
    }

    @Test func `two machines cannot share a name`() async throws {
        let world = try await TestServer()
        try await world.create("machines", ["Name": "m1"])
        let error = await refusal { () throws(TrackerError) in try await world.create("machines", ["Name": "m1"]) }
        #expect(error?.code == .invalid)
    }

    @Test func `a new task has sane exit codes, unless its client knows better`() async throws {
        let world = try await TestServer()
        #expect(try await world.create("tasks", ["Name": "t1"])["Meta"] == ["feature-flags": "sane-exit-codes"])
        let old = try await world.create("tasks", ["Name": "t2", "Meta": ["feature-flags": "original-exit-codes"]])
        #expect(old["Meta"] == ["feature-flags": "original-exit-codes"])
        let emptied = try await world.update("tasks", "t1", ["Meta": [:]])
        #expect(emptied["Meta"] == [:])
    }

    @Test func `tasks of packs keep what they have`() async throws {
        let world = try await TestServer(packs: [("pack", ["tasks": ["t1": ["Name": "t1"]]])])
        #expect(world.object("tasks", "t1")?["Meta"] == [:])
    }
}
