import Access
import HTTPTypes
import JSON
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// What cannot be seen cannot be used.
@Suite(.timeLimit(.minutes(10)), .allTransports) struct UnseenNamesTests {
    private static func add(_ name: String) -> JSONValue {
        [["op": "add", "path": "/Profiles/-", "value": .string(name)]]
    }

    /// A tenant's user with all rights to machines, profiles and stages, who sees the machine `mine` and the profile `open`.
    private static func tenant(_ browser: Browser, machines: String = "*") async throws -> (
        user: Browser, machine: String
    ) {
        _ = try await browser.send(.post, "/api/v3/params", ["Name": "ss", "Secure": true])
        for (name, params) in [("open", [:]), ("theirs", ["ss": "hush", "plain": "seen"])] as [(String, JSONValue)] {
            _ = try await browser.send(.post, "/api/v3/profiles", ["Name": .string(name), "Params": params])
        }
        let made = try await browser.send(.post, "/api/v3/machines", ["Name": "mine"])
        let machine = made.json["Uuid"]?.stringValue ?? ""
        let user = try await Clerk.make(
            browser, [["machines", machines, "*"], ["profiles,stages", "*", "*"], ["params", "get", "*"]])
        let members: JSONValue = ["machines": [.string(machine)], "profiles": ["open"], "stages": ["none"]]
        _ = try await browser.send(.post, "/api/v3/tenants", ["Name": "acme", "Users": ["clerk"], "Members": members])
        return (user, machine)
    }

    @Test func `a hidden profile is refused in the words in which one is that does not exist`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let (user, machine) = try await Self.tenant(browser)
            func both(_ ask: (String) async throws -> Answer) async throws {
                let (hidden, absent) = (try await ask("theirs"), try await ask("nobody"))
                #expect(hidden.status == 422, "\(hidden.text)")
                #expect(hidden.text.replacing("theirs", with: "nobody") == absent.text)
            }
            try await both { try await user.send(.patch, "/api/v3/machines/\(machine)", Self.add($0)) }
            try await both { try await user.send(.patch, "/api/v3/profiles/open", Self.add($0)) }
            try await both { try await user.send(.post, "/api/v3/stages", ["Name": "s1", "Profiles": [.string($0)]]) }
            try await both {
                try await user.send(
                    .post, "/api/v3/machines",
                    ["Name": "m2", "Uuid": .string(machine.replacing("a", with: "b")), "profiles": [.string($0)]])
            }
            try await both { name in
                let change: JSONValue = [
                    "op": "patch", "type": "machines", "key": .string(machine), "patch": Self.add(name),
                ]
                return try await user.send(.post, "/api/v3/changes", ["changes": [change]])
            }
            let params = try await user.get("/api/v3/machines/\(machine)/params?aggregate=true&decode=true")
            #expect(!params.text.contains("hush") && params.status == 200)
            #expect(try await user.send(.patch, "/api/v3/machines/\(machine)", Self.add("open")).status == 200)
        }
    }

    @Test func `what is there already and what defaults name is not judged`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let (user, machine) = try await Self.tenant(browser)
            let path = "/api/v3/machines/\(machine)"
            _ = try await browser.send(.patch, path, Self.add("theirs"))
            var object = try await user.get(path).json.objectValue ?? [:]
            object["Description"] = "put back"
            #expect(try await user.send(.put, path, .object(object)).status == 200)
            #expect(try await user.send(.post, "/api/v3/machines", ["Name": "m2"]).status == 201)
        }
    }

    @Test func `explain and aggregate agree on what others have attached`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let (user, machine) = try await Self.tenant(browser)
            let path = "/api/v3/machines/\(machine)"
            _ = try await browser.send(.patch, path, Self.add("theirs"))
            for name in ["plain", "ss"] {
                let value = try await user.get("\(path)/params/\(name)?aggregate=true").json
                let explained = try await user.get("\(path)/params/\(name)/explain")
                #expect(explained.json["value"] == value && value != .null, "\(explained.text)")
                #expect(!explained.text.contains("theirs"))
            }
            let decoded = try await user.get("\(path)/params?aggregate=true&decode=true").json
            #expect(decoded["ss"] == "hush", "the right to open the machine's values is enough")
        }
    }

    @Test(arguments: ["profiles", "nested", "stages", "workflows"])
    func `attaching sealed values that one could then open takes the right to open them`(way: String) async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let path = try await Self.carriers(browser)
            let claims = [
                ["profiles,stages,workflows", "get", "*"], ["machines", "get,update", "*"],
                ["machines", "getSecure", String(path.split(separator: "/").last ?? "")],
            ]
            let opener = try await Clerk.make(browser, claims, "opener")
            let patch: JSONValue =
                switch way {
                case "profiles": Self.add("carrier")
                case "nested": Self.add("including")
                case "stages": [["op": "replace", "path": "/Stage", "value": "carrying"]]
                default: [["op": "replace", "path": "/Workflow", "value": "flow"]]
                }
            let refused = try await opener.send(.patch, path, patch)
            #expect(refused.error.messages.last == "Requires: profiles getSecure carrier", "\(refused.text)")
            let operate = try await Clerk.make(browser, Array(claims.dropLast()), "operator")
            #expect(try await operate.send(.patch, path, patch).status == 200, "who cannot open anything may attach it")
        }
    }

    private static func carriers(_ browser: Browser) async throws -> String {
        _ = try await browser.send(.post, "/api/v3/params", ["Name": "ss", "Secure": true])
        _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "carrier", "Params": ["ss": "hush"]])
        _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "including", "Profiles": ["carrier"]])
        _ = try await browser.send(.post, "/api/v3/stages", ["Name": "carrying", "Profiles": ["including"]])
        _ = try await browser.send(.post, "/api/v3/workflows", ["Name": "flow", "Stages": ["carrying"]])
        let made = try await browser.send(.post, "/api/v3/machines", ["Name": "mine"])
        return "/api/v3/machines/\(made.json["Uuid"]?.stringValue ?? "")"
    }

    @Test func `what would bring sealed values to a machine by a detour takes the same right`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            _ = try await Self.carriers(browser)
            _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "mine"])
            let clerk = try await Clerk.make(
                browser, [["profiles", "get,update", "*"], ["machines", "getSecure", "some"]])
            let refused = try await clerk.send(.patch, "/api/v3/profiles/mine", Self.add("carrier"))
            #expect(refused.error.messages.last == "Requires: profiles getSecure carrier", "\(refused.text)")
        }
    }

    @Test func `a machine's token names on its machine what its work leads it to and no sealed profile`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let path = try await Self.carriers(browser)
            _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "plain"])
            _ = try await browser.send(.post, "/api/v3/tasks", ["Name": "work"])
            let token = try await browser.get("\(path)/token?ttl=1h").json["Token"]?.stringValue ?? ""
            let runner = browser.with("Bearer \(token)")
            for (member, value) in [
                ("Stage", "carrying"), ("BootEnv", "local"), ("Workflow", "flow"), ("Tasks", ["work", "stage:none"]),
                ("Profiles", ["plain"]),
            ] as [(String, JSONValue)] {
                let patch: JSONValue = [["op": "replace", "path": .string("/\(member)"), "value": value]]
                let answer = try await runner.send(.patch, path, patch)
                #expect(answer.status == 200, "\(member): \(answer.text)")
            }
            let sealed = try await runner.send(.patch, path, Self.add("carrier"))
            let absent = try await runner.send(.patch, path, Self.add("nobody"))
            #expect(sealed.status == 422 && sealed.text.replacing("carrier", with: "nobody") == absent.text)
        }
    }

    @Test func `a tenant's user lists no hidden objects for the tenant and lifts none of its bounds`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            _ = try await Self.tenant(browser)
            let boss = try await Clerk.make(
                browser, [["tenants,users", "*", "*"], ["machines,profiles,roles", "get", "*"]], "boss")
            let join: JSONValue = [["op": "add", "path": "/Users/-", "value": "boss"]]
            #expect(try await browser.send(.patch, "/api/v3/tenants/acme", join).status == 200)
            func change(_ operation: JSONValue) async throws -> Answer {
                try await boss.send(.patch, "/api/v3/tenants/acme", [operation])
            }
            let listed = try await change(["op": "add", "path": "/Members/profiles/-", "value": "theirs"])
            #expect(listed.status == 422, "\(listed.text)")
            for operation in [
                ["op": "remove", "path": "/Members/profiles"], ["op": "replace", "path": "/Members", "value": [:]],
                ["op": "replace", "path": "/Users", "value": ["clerk"]],
            ] as [JSONValue] {
                let answer = try await change(operation)
                #expect(answer.error.messages.last == "Requires: roles grant ", "\(answer.text)")
            }
            let outsider: JSONValue = ["Name": "outsider", "Roles": ["boss-role"]]
            let made = try await boss.send(.post, "/api/v3/users", outsider)
            #expect(made.error.messages.last == "Requires: roles grant boss-role", "\(made.text)")
            #expect(try await change(["op": "add", "path": "/Members/profiles/-", "value": "open"]).status == 200)
        }
    }
}
