import HTTPTypes
import JSON
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

@Suite(.allTransports) struct ServerEndpointTests {
    @Test func `info has everything that clients insist on`() async throws {
        try await TestServer().browse { browser in
            let info = try await browser.get("/api/v3/info").json
            for name in ["id", "ha_id", "ha_active_id"] { #expect(info[name] == "Fred") }
            let required = [
                "address", "api_port", "arch", "binl_enabled", "binl_port", "dhcp_enabled", "dhcp_port", "dns_enabled",
                "dns_port", "errors", "file_port", "ha_consensus_id", "ha_id", "ha_is_active", "ha_status", "id",
                "local_id", "manager", "os", "prov_enabled", "secure_file_port", "secure_prov_enabled", "stats",
                "tftp_enabled", "tftp_port", "uuid", "version",
            ]
            for name in required { #expect(info[name].map { !$0.isNull } == true, "\(name) is missing") }
            #expect(
                info["stats"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == [
                    "machines.count", "subnets.count", "contexts.count",
                ])
            #expect(info["License"]?["Licenses"] == [])
            #expect(info["scopes"]?["machines"]?["getSecure"] == [:])
            #expect(info["features"]?.arrayValue?.first == "api-v3")
        }
    }

    @Test func `preferences are set all or none`() async throws {
        try await TestServer().browse { browser in
            let before = try await browser.get("/api/v3/prefs").json
            #expect(before["defaultStage"] == "none" && before["baseTokenSecret"] == nil)
            let set = try await browser.send(.post, "/api/v3/prefs", ["defaultStage": "local"])
            #expect(set.status == 201 && set.json["defaultStage"] == "local")
            let bad = try await browser.send(.post, "/api/v3/prefs", ["defaultStage": "none", "greg": "x"])
            #expect(bad.error == APIError(422, "POST", of: "prefs", "Unknown Preference greg"))
            #expect(try await browser.get("/api/v3/prefs").json["defaultStage"] == "local")
        }
    }

    @Test func `indexes are told for all types, one type and one index`() async throws {
        try await TestServer().browse { browser in
            let all = try await browser.get("/api/v3/indexes").json
            #expect(all["machines"]?["Name"] == ["Type": "string", "Unique": true, "Unordered": false, "Regex": true])
            #expect(try await browser.get("/api/v3/indexes/machines").json == all["machines"])
            #expect(try await browser.get("/api/v3/indexes/machines/Name").json == all["machines"]?["Name"])
            let none: JSONValue = ["Type": "", "Unique": false, "Unordered": false, "Regex": false]
            #expect(try await browser.get("/api/v3/indexes/machines/Nothing").json == none)
            let base = try await browser.get("/api/v3/indexes/freds").json.objectValue?.keys
            #expect(base == ["Available", "Key", "ReadOnly", "Valid"])
        }
    }

    @Test func `object types are listed as clients expect them`() async throws {
        try await TestServer().browse { browser async throws in
            let expected = """
                bootenvs catalog_items contexts endpoints jobs kk leases machines params plugins pools preferences \
                profiles reservations roles stages subnets tasks templates tenants users version_sets workflows
                """
            #expect(
                try await browser.get("/api/v3/objects").json
                    == JSONValue(expected.split(separator: " ").map(String.init)))
        }
    }

    @Test func `interfaces are those of this host`() async throws {
        try await TestServer().browse { browser in
            let list = try await browser.get("/api/v3/interfaces").json.arrayValue ?? []
            #expect(list.contains { $0["Name"] == "lo" })
            let one = try await browser.get("/api/v3/interfaces/lo").json
            #expect(one["Addresses"]?.arrayValue?.contains("127.0.0.1/8") == true)
            let missing = try await browser.get("/api/v3/interfaces/john")
            #expect(missing.error == APIError(404, "GET", of: "interfaces", key: "john", "No interface"))
        }
    }

    @Test func `what is not built yet is empty, not broken`() async throws {
        try await TestServer().browse { browser async throws in
            #expect(try await browser.get("/api/v3/plugin_providers").text == "[]")
            #expect(try await browser.get("/api/v3/plugin_providers/x").status == 404)
        }
    }

    @Test func `health is open and names the revision`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            for path in ["/health", "/api/v3/health"] {
                let health = try await browser.with(nil).get(path)
                #expect(health.status == 200 && health.json["status"] == "ok")
                #expect(health.json["revision"] == JSONValue(Int(server.tracker.snapshot.revision.number)))
            }
        }
    }

    @Test func `browsers are led to the web console, and to what the API answers`() async throws {
        try await TestServer().browse { browser in
            let root = try await browser.with(nil).get("/")
            #expect(root.status == 307 && root.headers[.location] == "/ui")
            let paths = try await browser.with(nil).get("/swagger.json").json["paths"]
            #expect(paths?["/machines/{key}"]?.objectValue?.keys == ["delete", "get", "patch", "put"])
        }
    }
}
