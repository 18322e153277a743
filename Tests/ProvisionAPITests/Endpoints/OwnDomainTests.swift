import HTTPTypes
import JSON
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// A domain of ours beside dr-provision's types: hosts, with few fields and no conventions at all.
@Suite(.allTransports) struct OwnDomainTests {
    private static let fleet = Domain(
        "fleet", typePrefix: "fleet_",
        types: [
            ObjectType(
                "fleet_hosts", ObjectSchema("Host", [Field("Name", .string), Field("Cores", .integer)]),
                key: .text("Name"), conventions: Conventions())
        ])

    @Test func `types of another domain are served like others`() async throws {
        try await TestServer(domains: [Self.fleet]).browse { browser in
            let created = try await browser.send(.post, "/api/v3/fleet_hosts", ["Name": "alpha", "Cores": 8])
            #expect(created.status == 201)
            #expect(created.json == ["Name": "alpha", "Cores": 8])
            #expect(try await browser.get("/api/v3/fleet_hosts/alpha").json["Cores"] == 8)
            #expect(try await browser.get("/api/v3/fleet_hosts?Cores=8").json.arrayValue?.count == 1)
            #expect(try await browser.get("/api/v3/fleet_hosts?Cores=9").json.arrayValue?.count == 0)
            let refused = try await browser.send(.post, "/api/v3/fleet_hosts", ["Name": "beta", "Cores": "many"])
            #expect(refused.error.messages == ["Host.Cores cannot be a string"])
            let role: JSONValue = [
                "Name": "hosters", "Claims": [["scope": "fleet_hosts", "action": "get,list", "specific": "*"]],
            ]
            #expect(try await browser.send(.post, "/api/v3/roles", role).status == 201)
        }
    }

    @Test func `types of another domain are in no table that clients of dr-provision read`() async throws {
        let (plain, extended) = (try await TestServer(), try await TestServer(domains: [Self.fleet]))
        for path in ["/api/v3/objects", "/api/v3/indexes"] {
            let expected = try await plain.browse { try await $0.get(path).json }
            #expect(try await extended.browse { try await $0.get(path).json } == expected, "\(path)")
        }
        try await extended.browse { browser in
            #expect(try await browser.get("/api/v3/info").json["scopes"]?["fleet_hosts"] == nil)
            #expect(try await browser.get("/api/v3/info").json["scopes"]?["machines"] != nil)
            _ = try await browser.send(.post, "/api/v3/fleet_hosts", ["Name": "alpha"])
            let contents = try await browser.get("/api/v3/contents").json.arrayValue ?? []
            #expect(!contents.isEmpty && contents.allSatisfy { $0["Counts"]?["fleet_hosts"] == nil })
        }
    }
}
