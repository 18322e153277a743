import JSON
import Testing
import Tracker

@testable import Provisioning

/// What uploads are warned of and refused for (C §14.2).
@Suite struct `An upload is told of names that lead nowhere` {
    @Test func `and of nothing else that its objects lack`() async throws {
        let world = try await TestServer()
        let result = try await world.push(
            "pack",
            [
                "bootenvs": ["be": ["Name": "be", "Kernel": "vmlinuz", "OS": ["Name": "os"]]],
                "stages": ["st": ["Name": "st", "BootEnv": "be", "Tasks": ["gone"]]],
                "workflows": ["wf": ["Name": "wf", "Stages": ["st", "none", "missing"]]],
            ])
        #expect(!world.isAvailable("bootenvs", "be"))
        #expect(
            result.warnings.map(\.text) == ["Task gone (at 0) does not exist", "Stage missing does not exist"])
        #expect(result.warnings.compactMap(\.about?.key.string) == ["st", "wf"])
    }

    @Test func `in objects of others too, since it replaced what they name`() async throws {
        let world = try await TestServer()
        _ = try await world.push("pack", ["profiles": ["p1": ["Name": "p1"]]])
        _ = try await world.push("other", ["stages": ["st": ["Name": "st", "Profiles": ["p1"]]]])
        let uuid = try await world.create("machines", ["Name": "m1", "Profiles": ["p1"]])["Uuid"]?.stringValue ?? ""
        let result = try await world.push("pack", [:])
        #expect(
            result.warnings.map(\.text).sorted() == [
                "machines:\(uuid): Profile p1 (at 0) does not exist", "stages:st: Profile p1 (at 0) does not exist",
            ])
        let again = try await world.push("pack", [:])
        #expect(again.warnings.isEmpty)
    }

    @Test func `as is who takes a pack away`() async throws {
        let world = try await TestServer(packs: [("pack", ["profiles": ["p1": ["Name": "p1"]]])])
        try await world.create("stages", ["Name": "st", "Profiles": ["p1"]])
        let result = try await world.change { (draft) throws(TrackerError) in try draft.removePack("pack") }
        #expect(result.warnings.map(\.text) == ["stages:st: Profile p1 (at 0) does not exist"])
    }

    @Test func `up to a number`() async throws {
        let world = try await TestServer()
        _ = try await world.push("pack", ["profiles": ["p1": ["Name": "p1"]]])
        let stages = (1...120).map { ("st\($0)", ["Name": .string("st\($0)"), "Profiles": ["p1"]] as JSONValue) }
        _ = try await world.push("other", ["stages": .object(JSONObject(stages))])
        let result = try await world.push("pack", [:])
        #expect(result.warnings.count == 101)
        #expect(result.warnings.last?.text == "20 more objects cannot be used since")
    }

    @Test(
        arguments: [
            ("tasks", ["Name": "tk", "Prerequisites": ["gone"]], "Task tk missing prerequisite gone"),
            (
                "bootenvs", ["Name": "tk", "Templates": [["Name": "a", "Path": "b", "ID": "gone"]]],
                "bootenvs: tk: Templates[0]: No common template for gone"
            ),
        ] as [(String, JSONValue, String)])
    func `and refused where it cannot do without them`(section: String, object: JSONValue, message: String) async throws
    {
        let world = try await TestServer()
        let error = await refusal { () throws(TrackerError) in
            do { _ = try await world.push("pack", [section: ["tk": object]]) } catch let error as TrackerError {
                throw error
            } catch {}
        }
        #expect(error?.messages == [message])
    }
}
