import JSON
import Provisioning
import Testing
import Tracker

/// Param values against their schemas (C §3, §9).
@Suite struct ParamSchemaTests {
    private static let message =
        "Key 'goodDefault': invalid val '[5]': : (root): Invalid type. Expected: string, given: array"

    private func world() async throws -> TestServer {
        let world = try await TestServer()
        try await world.create(
            "params", ["Name": "goodDefault", "Schema": ["type": "string", "default": "value"]])
        return world
    }

    @Test(arguments: ["machines", "profiles", "stages", "plugins", "endpoints", "kk"] as [TypeName])
    func `every type with params holds whole objects to the schema`(typeName: TypeName) async throws {
        let world = try await world()
        let error = await refusal { () throws(TrackerError) in
            try await world.create(
                typeName, ["Name": "aa", "Id": "aa", "Provider": "prov", "Params": ["goodDefault": [5], "other": [5]]])
        }
        #expect(error?.code == .invalid)
        #expect(error?.messages == [Self.message])
    }

    @Test func `params set one by one are held to it too`() async throws {
        let world = try await world()
        try await world.create("profiles", ["Name": "p1"])
        let error = await refusal { () throws(TrackerError) in
            try await world.change { (draft) throws(TrackerError) in
                try draft.setParam("profiles", at: "Name:p1", "goodDefault", to: [5])
            }
        }
        #expect(error?.messages == [Self.message])
        try await world.change { (draft) throws(TrackerError) in
            try draft.setParam("profiles", at: "p1", "goodDefault", to: "fine")
            try draft.setParam("profiles", at: "p1", "unknown/param", to: .null)
        }
        #expect(world.object("profiles", "p1")?["Params"] == ["goodDefault": "fine", "unknown/param": .null])
    }

    @Test func `all params are replaced, patched and removed at once`() async throws {
        let world = try await world()
        try await world.create("profiles", ["Name": "p1", "Params": ["aa": 1]])
        try await world.change { (draft) throws(TrackerError) in
            try draft.setParams("profiles", at: "p1", to: ["bb": 2, "c/d": 3])
        }
        let patch = JSONPatch(operations: [
            .test(path: JSONPointer(tokens: ["c/d"]), value: 3), .add(path: JSONPointer(tokens: ["ee"]), value: 4),
        ])
        let patched = try await world.change { (draft) throws(TrackerError) in
            try draft.patchParams("profiles", at: "p1", patch)
        }
        #expect(patched == ["bb": 2, "c/d": 3, "ee": 4])
        let removed = try await world.change { (draft) throws(TrackerError) in
            try draft.removeParam("profiles", at: "p1", "bb")
        }
        #expect(removed == 2)
        let absent = await refusal { () throws(TrackerError) in
            try await world.change { (draft) throws(TrackerError) in try draft.removeParam("profiles", at: "p1", "bb") }
        }
        #expect(absent == .notFound("params", "bb"))
        let failed = await refusal { () throws(TrackerError) in
            try await world.change { (draft) throws(TrackerError) in
                try draft.patchParams(
                    "profiles", at: "p1", JSONPatch(operations: [.remove(path: JSONPointer(tokens: ["bb"]))]))
            }
        }
        #expect(failed?.code == .patchFailed)
        #expect(failed?.messages.first?.hasPrefix("Patch error at line 0: ") == true)
    }

    @Test func `types without params have no such endpoints`() async throws {
        let world = try await world()
        let error = await refusal { () throws(TrackerError) in
            try await world.change { (draft) throws(TrackerError) in
                try draft.setParam("params", at: "goodDefault", "aa", to: 1)
            }
        }
        #expect(error == .notFound("params", "goodDefault"))
    }

    @Test func `a schema that comes later leaves old values in peace`() async throws {
        let world = try await TestServer()
        try await world.create("profiles", ["Name": "p1", "Params": ["late": [5]]])
        try await world.create("params", ["Name": "late", "Schema": ["type": "string"]])
        let described = try await world.update("profiles", "p1", ["Description": "x"])
        #expect(described["Available"] == true)
        let error = await refusal { () throws(TrackerError) in
            try await world.update("profiles", "p1", ["Params": ["late": [6]]])
        }
        #expect(error?.messages.count == 1)
    }

    @Test func `several problems of one value are listed below each other`() async throws {
        let world = try await TestServer()
        try await world.create(
            "params",
            [
                "Name": "pair",
                "Schema": ["type": "object", "required": ["aa", "bb"], "properties": ["cc": ["type": "string"]]],
            ])
        let error = await refusal { () throws(TrackerError) in
            try await world.create("profiles", ["Name": "p1", "Params": ["pair": ["cc": 1]]])
        }
        let lines = error?.messages.first?.split(separator: "\n").map(String.init) ?? []
        #expect(lines.first == "Key 'pair': invalid val 'map[cc:1]': :")
        #expect(
            lines.dropFirst().sorted() == [
                "  (root): aa is required", "  (root): bb is required",
                "  cc: Invalid type. Expected: string, given: integer",
            ])
    }

    @Test func `sealed values of secure params are taken as they are`() async throws {
        let world = try await TestServer()
        try await world.create("params", ["Name": "password", "Secure": true, "Schema": ["type": "string"]])
        let sealed: JSONValue = ["Key": "a2V5", "Nonce": "bg==", "Payload": "cA=="]
        try await world.create("profiles", ["Name": "p1", "Params": ["password": sealed]])
        let error = await refusal { () throws(TrackerError) in
            try await world.create("profiles", ["Name": "p2", "Params": ["password": ["Key": "a2V5"]]])
        }
        #expect(error?.code == .invalid)
    }

    @Test func `a pack with a wrong value is kept, its object cannot be used`() async throws {
        let world = try await world()
        let result = try await world.push(
            "pack", ["profiles": ["p1": ["Name": "p1", "Params": ["goodDefault": [5]]]]])
        #expect(result.warnings == [])
        #expect(world.errors("profiles", "p1") == [Self.message])
    }

    @Test func `a schema that does not compile is refused`() async throws {
        let world = try await TestServer()
        let error = await refusal { () throws(TrackerError) in
            try await world.create("params", ["Name": "broken", "Schema": ["type": "nonsense"]])
        }
        #expect(error?.code == .invalid)
        #expect(error?.messages.first?.hasPrefix("broken: ") == true)
    }
}
