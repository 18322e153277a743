import HTTPTypes
import JSON
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

@Suite(.allTransports) struct ParamsEndpointTests {
    private static func prepare(_ browser: Browser) async throws {
        _ = try await browser.send(
            .post, "/api/v3/params", ["Name": "ipmi/enabled", "Schema": ["type": "boolean", "default": false]])
        _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "p1", "Params": ["list": [1]]])
        _ = try await browser.send(
            .post, "/api/v3/machines",
            [
                "Name": "bob", "Uuid": "3e7031fc-3062-45f1-835c-92541bc9cbd3", "Profiles": ["p1"],
                "Params": ["list": [2]],
            ])
    }

    private static let bob = "/api/v3/machines/Name:bob/params"

    @Test func `one param is set, read and removed`() async throws {
        try await TestServer().browse { browser in
            try await Self.prepare(browser)
            let absent = try await browser.get(Self.bob + "/ipmi/enabled")
            #expect(absent.status == 200 && absent.text == "null")
            #expect(try await browser.get(Self.bob + "/ipmi/enabled?aggregate=true").text == "false")
            let set = try await browser.send(.post, Self.bob + "/ipmi/enabled", true)
            #expect(set.status == 200 && set.text == "true")
            #expect(try await browser.get(Self.bob + "/ipmi%2Fenabled").text == "true")
            #expect(try await browser.send(.delete, Self.bob + "/ipmi/enabled").text == "true")
            let gone = try await browser.send(.delete, Self.bob + "/ipmi/enabled")
            #expect(gone.error == APIError(404, "DELETE", of: "params", key: "ipmi/enabled", "Not Found"))
        }
    }

    @Test func `no request has more sealed values opened than the limit`() async throws {
        try await TestServer().browse { browser in
            let box: JSONValue = ["Key": "", "Nonce": "", "Payload": ""]
            for (name, count) in [("many", 20_001), ("most", 20_000)] {
                let params = JSONObject((0..<count).map { ("p\($0)", box) })
                let made = try await browser.send(
                    .post, "/api/v3/profiles", ["Name": .string(name), "Params": .object(params)])
                #expect(made.status == 201)
            }
            for path in [
                "profiles/many?decode=true", "profiles?Name=many&decode=true", "profiles/many/params?decode=true",
            ] {
                let refused = try await browser.get("/api/v3/" + path)
                #expect(refused.status == 422 && refused.error.type == "GET", "\(path)")
                #expect(refused.error.messages.first?.contains("20000 sealed values") == true, "\(path)")
            }
            #expect(try await browser.get("/api/v3/profiles/most/params?decode=true").status == 200)
            #expect(try await browser.get("/api/v3/contents/BackingStore").status == 200, "a pack may have more")
            let rest = JSONObject((0..<60_000).map { ("p\($0)", box) })
            _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "rest", "Params": .object(rest)])
            let refused = try await browser.get("/api/v3/contents/BackingStore")
            #expect(refused.status == 422 && refused.error.messages.first?.contains("100000 sealed values") == true)
        }
    }

    @Test func `a value against its schema is refused in the method's name`() async throws {
        try await TestServer().browse { browser in
            try await Self.prepare(browser)
            let wrong = try await browser.send(.post, Self.bob + "/ipmi/enabled", "yes")
            #expect(wrong.error.code == 422 && wrong.error.type == "POST")
            #expect(wrong.error.model == "machines" && wrong.error.key == "Name:bob")
        }
    }

    @Test func `all params are replaced or patched`() async throws {
        try await TestServer().browse { browser in
            try await Self.prepare(browser)
            let patched = try await browser.send(
                .patch, Self.bob,
                [["op": "test", "path": "", "value": ["list": [2]]], ["op": "add", "path": "/a~1b", "value": 1]])
            #expect(patched.json == ["list": [2], "a/b": 1])
            #expect(try await browser.send(.post, Self.bob, ["cc": 3]).json == ["cc": 3])
            #expect(try await browser.get(Self.bob).json == ["cc": 3])
            #expect(try await browser.get(Self.bob + "?aggregate=true").json == ["cc": 3, "list": [1]])
            #expect(try await browser.get(Self.bob + "?aggregate=true&params=list").json == ["list": [1]])
        }
    }

    @Test func `values are composed from all sources`() async throws {
        try await TestServer().browse { browser in
            try await Self.prepare(browser)
            #expect(try await browser.get(Self.bob + "/list").json == [2])
            #expect(try await browser.get(Self.bob + "/list?aggregate=true").json == [2])
            #expect(try await browser.get(Self.bob + "/list?compose=true").json == [2, 1])
        }
    }

    @Test func `an object that does not exist has no params`() async throws {
        try await TestServer().browse { browser in
            let answer = try await browser.send(.post, "/api/v3/machines/john/params", [:])
            #expect(answer.error == APIError(404, "POST", of: "machines", key: "john", "Not Found"))
        }
    }

    @Test func `meta is read and patched apart from the object`() async throws {
        try await TestServer().browse { browser in
            try await Self.prepare(browser)
            let path = "/api/v3/meta/params/ipmi/enabled"
            #expect(try await browser.get(path).json == [:])
            let add: JSONValue = [["op": "add", "path": "/color", "value": "red"]]
            #expect(try await browser.send(.patch, path, add).json == ["color": "red"])
            let test: JSONValue = [["op": "test", "path": "/color", "value": "blue"]]
            let failed = try await browser.send(.patch, path, test)
            #expect(failed.error.code == 409 && failed.error.model == "params" && failed.error.key == "ipmi/enabled")
        }
    }

    @Test func `there are no actions yet`() async throws {
        try await TestServer().browse { browser in
            try await Self.prepare(browser)
            let actions = "/api/v3/machines/Name:bob/actions"
            #expect(try await browser.get(actions).text == "[]")
            let one = try await browser.get(actions + "/command")
            #expect(one.error == APIError(404, "GET", of: "machines", key: "Name:bob", "command: Not Found"))
            let run = try await browser.send(.post, actions + "/command", [:])
            #expect(
                run.error
                    == APIError(404, "INVOKE", of: "machines", key: "Name:bob", "Action command on machines: Not Found")
            )
        }
    }
}
