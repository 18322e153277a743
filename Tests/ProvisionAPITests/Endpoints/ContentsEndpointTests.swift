import HTTPTypes
import JSON
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

@Suite(.allTransports) struct ContentsEndpointTests {
    private static func pack(_ name: String, _ profile: String) -> JSONValue {
        [
            "meta": ["Name": .string(name), "Version": "v1.2.3"],
            "sections": ["profiles": .object(JSONObject([profile: ["Name": .string(profile)]]))],
        ]
    }

    @Test func `packs are uploaded, listed in order, replaced and removed`() async throws {
        try await TestServer().browse { browser in
            let created = try await browser.send(.post, "/api/v3/contents", Self.pack("one", "p1-prof"))
            #expect(created.status == 201)
            #expect(created.json["meta"]?["Version"] == "v1.2.3")
            #expect(created.json["Counts"] == ["profiles": 1])
            #expect(created.json["Warnings"] == [])
            let names = try await browser.get("/api/v3/contents").json.arrayValue?.compactMap {
                $0["meta"]?["Name"]?.stringValue
            }
            #expect(names == ["BackingStore", "one", "BasicStore"])
            #expect(try await browser.get("/api/v3/profiles/p1-prof").json["Bundle"] == "one")
            let content = try await browser.get("/api/v3/contents/one")
            #expect(content.json["sections"]?["profiles"]?["p1-prof"]?["Name"] == "p1-prof")

            let replaced = try await browser.send(.put, "/api/v3/contents/one", Self.pack("one", "p2-prof"))
            #expect(replaced.status == 200)
            #expect(try await browser.get("/api/v3/profiles/p1-prof").status == 404)
            let removed = try await browser.send(.delete, "/api/v3/contents/one")
            #expect(removed.status == 204 && removed.text.isEmpty)
            #expect(removed.headers[.contentType] == "application/json")
            #expect(removed.headers[.contentLength] ?? "0" == "0")
            #expect(try await browser.get("/api/v3/profiles/p2-prof").status == 404)
        }
    }

    @Test func `refused packs leave nothing behind`() async throws {
        try await TestServer().browse { browser in
            _ = try await browser.send(.post, "/api/v3/contents", Self.pack("john", "p1-prof"))
            let again = try await browser.send(.post, "/api/v3/contents", Self.pack("john", "p2-prof"))
            #expect(again.error == APIError(409, "POST", of: "contents", key: "john", "Content john already exists"))
            let nameless = try await browser.send(.post, "/api/v3/contents", ["meta": [:], "sections": [:]])
            #expect(
                nameless.error == APIError(422, "POST", of: "contents", "Store at content- has no Name metadata"))
            let over = try await browser.send(.post, "/api/v3/contents", Self.pack("other", "global"))
            #expect(over.error.code == 422 && over.error.type == "STORE_ERROR" && over.error.key.isEmpty)
            let bad = try await browser.send(
                .post, "/api/v3/contents",
                ["meta": ["Name": "PackBad"], "sections": ["profiles": ["p1-bad": ["Name": "p1-bad", "Params": 5]]]])
            #expect(bad.error.type == "Failed to load backing objects from cache" && bad.error.model.isEmpty)
            #expect(bad.error.messages.last == "Try manually replacing content layer PackBad")
            let missing = try await browser.get("/api/v3/contents/nobody")
            #expect(missing.error == APIError(404, "GET", of: "contents", key: "nobody", "No such content store"))
            #expect(try await browser.get("/api/v3/contents").json.arrayValue?.count == 3)
        }
    }

    @Test func `the server's own layers stay`() async throws {
        try await TestServer().browse { browser in
            for name in ["BackingStore", "BasicStore"] {
                #expect(try await browser.send(.delete, "/api/v3/contents/\(name)").status == 409)
                let put = try await browser.send(.put, "/api/v3/contents/\(name)", Self.pack(name, "xx"))
                #expect(put.status == 409)
            }
        }
    }

    @Test func `replaceWritable puts a pack in the place of written objects`() async throws {
        try await TestServer().browse { browser in
            _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "p1-prof"])
            #expect(try await browser.send(.post, "/api/v3/contents", Self.pack("one", "p1-prof")).status == 422)
            let path = "/api/v3/contents?replaceWritable=true"
            #expect(try await browser.send(.post, path, Self.pack("one", "p1-prof")).status == 201)
            #expect(try await browser.get("/api/v3/profiles/p1-prof").json["Bundle"] == "one")
        }
    }
}
