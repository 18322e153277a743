import JSON
import Provisioning
import Testing
import Tracker

/// Where param values come from (C §9).
@Suite struct ParamResolutionTests {
    /// A machine with two profiles, one of which includes others, in a stage with a profile; every source gives `all` its
    /// own name.
    private func world() async throws -> (TestServer, ParamResolution) {
        let world = try await TestServer()
        try await world.create("params", ["Name": "fallback", "Schema": ["type": "string", "default": "schema"]])
        for name in ["inner", "innermost", "second", "stage-profile", "unused"] {
            let profiles: JSONValue = name == "inner" ? ["innermost", "first"] : []
            try await world.change { (draft) throws(TrackerError) in
                _ = try draft.createAsServer(
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
        return (world, try ParamResolution(of: stored, "machines", in: snapshot))
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
        #expect(resolution.sources.first?.id.typeName == "machines")
        _ = world
    }

    @Test func `the first source wins, the next takes over when it has nothing`() async throws {
        let (_, resolution) = try await world()
        #expect(resolution.value(of: "all") == "machine")
        #expect(resolution.contributions(to: "all").map(\.value) == Self.order.map { .string($0) })
        for name in Self.order { #expect(resolution.value(of: "only/\(name)") == 1) }
        #expect(resolution.value(of: "only/unused") == nil)
    }

    /// A world with profiles `p0`, `p1`, …, each of which includes those that `included` names.
    private func world(_ count: Int, including included: @escaping @Sendable (Int) -> [Int]) async throws -> Snapshot {
        let world = try await TestServer()
        try await world.change { (draft) throws(TrackerError) in
            for number in (0..<count).reversed() {
                let names = included(number).map { JSONValue.string("p\($0)") }
                _ = try draft.createAsServer("profiles", ["Name": .string("p\(number)"), "Profiles": .array(names)])
            }
        }
        return world.tracker.snapshot
    }

    private func sources(of key: String, in snapshot: Snapshot) throws -> Int {
        let object = try #require(snapshot.object("profiles", key))
        return try ParamResolution(of: object, "profiles", in: snapshot).sources.count
    }

    @Test func `profiles nested deep are followed on any thread's stack, and refused where there are too many`()
        async throws
    {
        let snapshot = try await world(10_100) { [$0 + 1] }
        #expect(try sources(of: "p200", in: snapshot) == 9_900 + 1)
        let error = #expect(throws: TrackerError.self) { try sources(of: "p0", in: snapshot) }
        #expect(error?.code == .overBudget)
        #expect(error?.messages.first?.hasPrefix("This takes more than 10000 names of profiles") == true)
    }

    @Test func `profiles that share what they include are looked at once, not once for each way to them`() async throws
    {
        for levels in [20, 40, 80] {
            let snapshot = try await world(2 * levels) { number in
                let next = (number / 2 + 1) * 2
                return next < 2 * levels ? [next, next + 1] : []
            }
            #expect(try sources(of: "p0", in: snapshot) == 2 * levels - 1 + 1)
        }
    }

    @Test func `a null is a value`() async throws {
        let world = try await TestServer()
        try await world.update("profiles", "global", ["Params": ["aa": 1]])
        try await world.create("profiles", ["Name": "p1", "Params": ["aa": .null]])
        let snapshot = world.tracker.snapshot
        let resolution = try ParamResolution(
            of: try #require(snapshot.object("profiles", "p1")), "profiles", in: snapshot)
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
