import JSON
import Provisioning
import Store
import Testing
import Tracker

/// What every server has from the start (C §14.4).
@Suite struct BuiltInTests {
    @Test func `the basic layer loads without a problem`() async throws {
        let world = try await TestServer()
        #expect(world.problems.isEmpty)
        let counts: [(TypeName, [String])] = [
            ("bootenvs", ["ignore", "local"]), ("stages", ["local", "none"]), ("params", ["pxelinux-local-boot"]),
        ]
        for (typeName, keys) in counts {
            #expect(world.tracker.snapshot[typeName]?.objects.map(\.key.string) == keys)
            for key in keys {
                let object = try #require(world.object(typeName, key))
                #expect(object["Available"] == true, "\(typeName)/\(key): \(world.errors(typeName, key) ?? [])")
                #expect(object["ReadOnly"] == true)
                #expect(object["Bundle"] == "BasicStore")
            }
        }
    }

    @Test func `the built-in bootenvs render to the files that loaders ask for`() async throws {
        let world = try await TestServer()
        func paths(_ name: String) -> [String: String] {
            let templates = world.object("bootenvs", name)?["Templates"]?.arrayValue ?? []
            return Dictionary(
                uniqueKeysWithValues: templates.map { ($0["Name"]?.stringValue ?? "", $0["Path"]?.stringValue ?? "") })
        }
        #expect(
            paths("ignore") == [
                "pxelinux": "pxelinux.cfg/default", "ipxe": "default.ipxe", "grub": "grub/grub.cfg",
            ])
        #expect(
            paths("local") == [
                "pxelinux": "pxelinux.cfg/{{.Machine.HexAddress}}", "ipxe": "{{.Machine.Address}}.ipxe",
                "pxelinux-mac": #"pxelinux.cfg/{{.Machine.MacAddr "pxelinux"}}"#,
                "ipxe-mac": #"{{.Machine.MacAddr "ipxe"}}.ipxe"#, "grub": "grub/{{.Machine.Address}}.cfg",
                "grub-mac": #"grub/{{.Machine.MacAddr "grub"}}.cfg"#,
            ])
        #expect(world.object("bootenvs", "ignore")?["OnlyUnknown"] == true)
        #expect(
            world.object("bootenvs", "local")?["Meta"] == [
                "color": "green", "icon": "radio", "title": "Digital Rebar Provision",
                "feature-flags": "change-stage-v2",
            ])
        #expect(world.object("stages", "local")?["BootEnv"] == "local")
        #expect(world.object("stages", "none")?["BootEnv"] == "")
    }

    @Test func `the superuser may do everything, where there are roles`() async throws {
        let roles = ObjectType(
            "roles", ObjectSchema("Role", Field.common + [Field("Name", .string), Field("Claims", .any)]),
            key: .text("Name"), conventions: .provisioning)
        let world = try await TestServer(extraTypes: [roles])
        #expect(
            world.object("roles", "superuser")?["Claims"] == [["scope": "*", "action": "*", "specific": "*"]])
    }

    @Test func `metadata has every field of the wire`() throws {
        let layer = try BuiltIn.basicLayer(version: "3.12.0", catalog: Catalog([Provisioning.domain()]))
        #expect(
            JSONValue.object(layer.metadata).canonicalText
                == #"{"Author":"","CodeSource":"","Color":"","Copyright":"","Description":"Default objects that must be present","DisplayName":"","DocUrl":"","Documentation":"","Icon":"","License":"","Name":"BasicStore","Order":"","Overwritable":true,"Prerequisites":"","RequiredFeatures":"","Source":"","Tags":"","Type":"basic","Version":"3.12.0","Writable":false}"#
        )
        #expect(BuiltIn.writableMetadata["Type"] == "writable")
        #expect(BuiltIn.writableMetadata["Writable"] == true)
        #expect(BuiltIn.writableMetadata["Version"] == "0.0.0")
    }

    @Test func `the global profile comes from the backing store and can be changed`() async throws {
        let world = try await TestServer()
        let global = try #require(world.object("profiles", "global"))
        #expect(global["Bundle"] == "BackingStore")
        #expect(global["ReadOnly"] == false)
        #expect(global["Meta"] == ["color": "blue", "icon": "world", "title": "Digital Rebar Provision"])
        let changed = try await world.update("profiles", "global", ["Params": ["aa": 1]])
        #expect(changed["Bundle"] == "BackingStore")
    }

    @Test func `booting again changes nothing`() async throws {
        let world = try await TestServer()
        try await world.update("profiles", "global", ["Description": "mine"])
        let before = world.tracker.snapshot.revision
        try await world.change { (draft) throws(TrackerError) in try BuiltIn.firstBoot(in: &draft) }
        #expect(world.tracker.snapshot.revision == before)
        #expect(world.object("profiles", "global")?["Description"] == "mine")
    }
}
