import HTTPTypes
import JSON
import StoreTesting
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// Names that differ only in normalization or case are two names to clients.
@Suite(.allTransports) struct TwinEndpointTests {
    /// A pack of that name with one profile.
    private static func pack(_ name: String, _ profile: String) -> JSONValue {
        let object: JSONValue = ["Name": .string(profile)]
        let sections: JSONValue = ["profiles": .object(JSONObject([(profile, object)]))]
        return ["meta": ["Name": .string(name), "Version": "v1.0.0"], "sections": sections]
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `two profiles that are twins are two rows, two index values and two references`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let twins = Twins(&generator)
        try await TestServer().browse { browser in
            for name in [twins.one, twins.other] {
                let made = try await browser.send(
                    .post, "/api/v3/profiles", ["Name": .string(name), "Description": .string(name)])
                #expect(made.status == 201, "seed \(seed): \(twins)")
            }
            let found = try await browser.get("/api/v3/profiles?Name=\(twins.one.encoded)").json.arrayValue
            #expect(found?.map { $0["Name"] } == [.string(twins.one)], "seed \(seed): \(twins)")
            let both: JSONValue = [.string(twins.one), .string(twins.other)]
            let machine = try await browser.send(.post, "/api/v3/machines", ["Name": "m1", "Profiles": both])
            #expect(machine.status == 201 && machine.json["Profiles"] == both, "seed \(seed): \(machine.text)")
            let users = try await browser.get("/api/v3/machines?Profiles=\(twins.other.encoded)").json.arrayValue
            #expect(users?.count == 1)
            let twice = try await browser.send(
                .post, "/api/v3/machines", ["Name": "m2", "Profiles": [.string(twins.one), .string(twins.one)]])
            #expect(twice.status == 422)
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `two params that are twins are two members, read and filtered one by one`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let twins = Twins(&generator)
        try await TestServer().browse { browser in
            let params: JSONValue = .object(JSONObject([(twins.one, 1), (twins.other, 2)]))
            let made = try await browser.send(
                .post, "/api/v3/profiles",
                ["Name": "p1", "Params": params, "Meta": .object([twins.one: "a", twins.other: "b"])])
            #expect(made.status == 201 && made.json["Params"] == params, "seed \(seed): \(made.text)")
            #expect(made.json["Meta"]?.objectValue?.count == 2)
            let one: JSONValue = .object(JSONObject([(twins.one, 1)]))
            for path in ["profiles/p1/params?params=\(twins.one.encoded)"] {
                #expect(try await browser.get("/api/v3/\(path)").json == one, "seed \(seed): \(twins)")
            }
            let slim = try await browser.get("/api/v3/profiles/p1?params=\(twins.one.encoded)")
            #expect(slim.json["Params"] == one, "seed \(seed): \(twins)")
            for (value, count) in [(1, 1), (2, 0)] {
                let found = try await browser.get("/api/v3/profiles?\(twins.one.encoded)=Eq(\(value))")
                #expect(found.json.arrayValue?.count == count, "seed \(seed): \(twins)")
            }
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `two packs that are twins stand side by side`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let twins = Twins(&generator)
        try await TestServer().browse { browser in
            #expect(try await browser.send(.post, "/api/v3/contents", Self.pack(twins.one, "of-one")).status == 201)
            #expect(
                try await browser.send(.post, "/api/v3/contents", Self.pack(twins.other, "of-other")).status == 201,
                "seed \(seed): \(twins)")
            #expect(try await browser.get("/api/v3/profiles/of-one").json["Bundle"] == .string(twins.one))
            let renamed = try await browser.send(
                .put, "/api/v3/contents/\(twins.one.encoded)", Self.pack(twins.other, "of-one"))
            #expect(renamed.status >= 400, "seed \(seed): \(twins)")
            #expect(try await browser.send(.delete, "/api/v3/contents/\(twins.one.encoded)").status == 204)
            #expect(try await browser.get("/api/v3/profiles/of-one").status == 404)
            #expect(
                try await browser.get("/api/v3/profiles/of-other").json["Bundle"] == .string(twins.other),
                "seed \(seed): \(twins)")
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `an idempotency key answers for itself and not for its twin`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let twins = Twins(&generator)
        try await TestServer().browse { browser in
            for (key, isReplay) in [(twins.one, false), (twins.one, true), (twins.other, false)] {
                let name = isReplay || key.utf8.elementsEqual(twins.one.utf8) ? "p1" : "p2"
                let reply = try await browser.send(
                    .post, "/api/v3/profiles", ["Name": .string(name)], headers: [.idempotencyKey: key])
                #expect(reply.status == 201, "seed \(seed): \(twins)")
                #expect((reply.headers[.idempotentReplay] != nil) == isReplay, "seed \(seed): \(twins)")
            }
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `an event filter wants one of two twins`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let twins = Twins(&generator)
        for text in ["profiles.*.\(twins.one)", "profiles.*.x,\(twins.one)"] {
            let filter = try EventFilter(text)
            let wanted = [twins.one, twins.other].map { filter.matches(type: "profiles", action: "save", key: $0) }
            #expect(wanted == [true, false], "seed \(seed): \(twins)")
        }
        #expect(try EventFilter("a.b.\(twins.one)") != EventFilter("a.b.\(twins.other)"))
        #expect(try !EventFilter("tas\u{212A}s,tasks.*.*").matches(type: "tas\u{212A}S", action: "save", key: "x"))
        #expect(try !EventFilter("tasKs.*.*").matches(type: "tas\u{212A}s", action: "save", key: "x"))
        #expect(try !EventFilter("tasks.Kill.*").matches(type: "tasks", action: "\u{212A}ill", key: "x"))
    }

    @Test func `a name that a sign makes look like one of ours is none`() async throws {
        try await TestServer().browse { browser in
            let prefs = try await browser.send(
                .post, "/api/v3/prefs", .object(JSONObject([("jobsTo\u{212A}eep", "5")])))
            #expect(prefs.status == 422, "\(prefs.text)")
            let stage = try await browser.send(
                .post, "/api/v3/stages", .object(JSONObject([("Name", "s1"), ("Tas\u{212A}s", ["nowhere"])])))
            #expect(stage.status == 201 && stage.json["Tasks"] == [], "\(stage.text)")
            #expect(try await browser.get("/api/v3/reservations?To\u{212A}en=x".encodedPath).status == 406)
            #expect(try await browser.get("/api/v3/stages/\u{212A}ey:s1".encodedPath).status == 404)
            #expect(try await browser.get("/api/v3/stages/key:s1").status == 200)
        }
    }
}

extension String {
    /// The name as it stands in a URL.
    fileprivate var encoded: String {
        utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// The path with what is not ASCII encoded.
    fileprivate var encodedPath: String {
        utf8.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "%" + String($0, radix: 16) }.joined()
    }
}
