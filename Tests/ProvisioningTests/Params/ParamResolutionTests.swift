import JSON
import Provisioning
import Testing
import Tracker

/// Where param values come from (C §9).
@Suite struct ParamResolutionTests {
    /// A machine with two profiles, one of which includes others, in a stage with a profile; every source gives `all` its
    /// own name.
    private func world() async throws -> (World, ParamResolution) {
        let world = try await World()
        try await world.create("params", ["Name": "fallback", "Schema": ["type": "string", "default": "schema"]])
        for name in ["inner", "innermost", "second", "stage-profile", "unused"] {
            let profiles: JSONValue = name == "inner" ? ["innermost", "first"] : []
            try await world.change { (draft) throws(TrackerError) in
                _ = try draft.found(
                    "profiles", ["Name": .string(name), "Profiles": profiles, "Params": Self.params(name)])
            }
        }
        try await world.create("profiles", ["Name": "first", "Profiles": ["inner"], "Params": Self.params("first")])
        try await world.create(
            "stages", ["Name": "stage", "Profiles": ["stage-profile", "second"], "Params": Self.params("stage")])
        try await world.update("profiles", "global", ["Params": Self.params("global")])
        let machine = try await world.create(
            "machines",
            ["Name": "machine", "Stage": "stage", "Profiles": ["first", "second"], "Params": Self.params("machine")])
        let uuid = machine["Uuid"]?.stringValue ?? ""
        let snapshot = world.tracker.snapshot
        let stored = try #require(snapshot.object("machines", uuid))
        return (world, ParamResolution(of: stored, "machines", in: snapshot))
    }

    private static func params(_ source: String) -> JSONValue {
        [
            "all": .string(source), "only/\(source)": 1, "list": [.string(source)],
            "map": [source: 1, "shared": .string(source), "list": [.string(source)]],
        ]
    }

    private static let order = [
        "machine", "first", "inner", "innermost", "second", "stage", "stage-profile", "global",
    ]

    @Test func `sources come in the order of precedence, each once`() async throws {
        let (world, resolution) = try await world()
        let names = resolution.sources.map { $0.object.object["Name"]?.stringValue ?? "" }
        #expect(names == Self.order)
        #expect(resolution.sources.first?.id.prefix == "machines")
        _ = world
    }

    @Test func `the first source wins, the next takes over when it has nothing`() async throws {
        let (_, resolution) = try await world()
        #expect(resolution.value(of: "all") == "machine")
        #expect(resolution.contributions(to: "all").map(\.value) == Self.order.map { .string($0) })
        for name in Self.order { #expect(resolution.value(of: "only/\(name)") == 1) }
        #expect(resolution.value(of: "only/unused") == nil)
    }

    @Test func `a null is a value`() async throws {
        let world = try await World()
        try await world.update("profiles", "global", ["Params": ["aa": 1]])
        try await world.create("profiles", ["Name": "p1", "Params": ["aa": nil]])
        let snapshot = world.tracker.snapshot
        let resolution = ParamResolution(of: try #require(snapshot.object("profiles", "p1")), "profiles", in: snapshot)
        #expect(resolution.value(of: "aa") == JSONValue.null)
    }

    @Test func `the schema's default comes last, and not in the aggregate`() async throws {
        let (_, resolution) = try await world()
        #expect(resolution.value(of: "fallback") == nil)
        #expect(resolution.valueOrDefault(of: "fallback") == "schema")
        #expect(resolution.valueOrDefault(of: "all") == "machine")
        #expect(resolution.valueOrDefault(of: "nothing") == nil)
        let aggregate = resolution.aggregate()
        #expect(aggregate.keys.sorted() == (["all", "list", "map"] + Self.order.map { "only/\($0)" }).sorted())
        #expect(aggregate["map"]?["shared"] == "machine")
        #expect(aggregate["map"]?["first"] == nil)
    }

    @Test func `composing joins lists and merges maps at every depth`() async throws {
        let (_, resolution) = try await world()
        #expect(resolution.composed("all") == "machine")
        #expect(resolution.composed("list") == JSONValue(Self.order))
        let map = try #require(resolution.composed("map"))
        #expect(map["shared"] == "machine")
        #expect(map["list"] == JSONValue(Self.order))
        for name in Self.order { #expect(map[name] == 1) }
        #expect(resolution.composed("fallback") == "schema")
        #expect(resolution.composed("nothing") == nil)
    }
}
