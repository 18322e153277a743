import HTTPTypes
import JSON
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// What is authorized is what is written: rights are taken for what an operation changes in the admitted object (C §11.3).
@Suite(.timeLimit(.minutes(10)), .allTransports) struct WriteRightsTests {
    private static func patch(_ operations: JSONValue...) -> JSONValue { .array(operations) }

    @Test(
        arguments: [
            ["NAME": "allowed", "name": "evil8"], ["Name": "evil8", "NAME": "allowed"], ["name": "evil8"],
        ] as [JSONValue])
    func `a new object is judged by the key that it gets, however the document spells it`(object: JSONValue)
        async throws
    {
        let server = try await TestServer()
        try await server.browse { browser in
            let clerk = try await Clerk.make(browser, [["profiles", "create", "allowed"], ["profiles", "get", "*"]])
            let change: JSONValue = ["op": "create", "type": "profiles", "key": "allowed", "object": object]
            let set = try await clerk.send(.post, "/api/v3/changes", ["changes": [change]])
            #expect(set.status == 403 || set.status == 400, "\(set.text)")
            #expect(try await clerk.send(.post, "/api/v3/profiles", object).status == 403)
            #expect(try await browser.get("/api/v3/profiles/evil8").status == 404)
            #expect(try await clerk.send(.post, "/api/v3/profiles", ["name": "allowed"]).status == 201)
        }
    }

    @Test func `a secure param takes its own right also in a profile that the same change set makes`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            _ = try await browser.send(.post, "/api/v3/params", ["Name": "s/one", "Secure": true])
            let clerk = try await Clerk.make(
                browser, [["profiles", "create,get,update", "*"], ["params", "create,update", "*"]])
            let create: JSONValue = ["op": "create", "type": "profiles", "object": ["Name": "fresh"]]
            func set(_ name: String) -> JSONValue {
                let patch = Self.patch(["op": "add", "path": .string("/Params/\(name)"), "value": "x"])
                return ["op": "patch", "type": "profiles", "key": "fresh", "patch": patch]
            }
            let param: JSONValue = ["op": "create", "type": "params", "object": ["Name": "late", "Secure": true]]
            for changes in [[create, set("s~1one")], [param, create, set("late")]] as [JSONValue] {
                let answer = try await clerk.send(.post, "/api/v3/changes", ["changes": changes])
                #expect(answer.error.messages.last == "Requires: profiles updateSecure fresh", "\(answer.text)")
            }
            #expect(try await browser.get("/api/v3/profiles/fresh").status == 404)
            let answer = try await clerk.send(.post, "/api/v3/changes", ["changes": [create, set("open")]])
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test func `a patch takes a right for each member that it changes and none for what it leaves as it is`()
        async throws
    {
        let server = try await TestServer()
        try await server.browse { browser in
            let path = "/api/v3/profiles/pp"
            _ = try await browser.send(
                .post, "/api/v3/profiles", ["Name": "pp", "Description": "d", "Params": ["aa": 1]])
            let reader = try await Clerk.make(browser, [["profiles", "get", "*"]], "reader")
            let same = Self.patch(["op": "replace", "path": "/Description", "value": "d"])
            #expect(try await reader.send(.patch, path, same).status == 200)
            let color = try await Clerk.make(
                browser, [["profiles", "get", "*"], ["profiles", "update:/Params/aa", "pp"]], "color")
            let whole = Self.patch(["op": "replace", "path": "/Params", "value": ["aa": 2]])
            #expect(try await color.send(.patch, path, whole).status == 200)
            let more = Self.patch(["op": "replace", "path": "/Params", "value": ["aa": 3, "bb": 3]])
            let refused = try await color.send(.patch, path, more)
            #expect(refused.error.messages.last == "Requires: profiles update:/Params/bb pp", "\(refused.text)")
            let copied = Self.patch(["op": "copy", "from": "/Params/aa", "path": "/params"])
            _ = try await color.send(.patch, path, copied)
            #expect(try await browser.get(path).json["Params"] == ["aa": 2])
            let moved = Self.patch(["op": "move", "from": "/Description", "path": "/Documentation"])
            #expect(try await color.send(.patch, path, moved).status == 403)
            #expect(try await browser.get(path).json["Description"] == "d")
        }
    }

    @Test func `what changes very many members takes the right to the fields that they are in`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "pp"])
            let many = JSONValue.array(
                (0..<300).map { ["op": "add", "path": .string("/Params/name\($0)"), "value": 1] })
            let reader = try await Clerk.make(browser, [["profiles", "get", "*"]], "reader")
            let refused = try await reader.send(.patch, "/api/v3/profiles/pp", many)
            #expect(refused.error.messages.dropFirst() == ["Requires: profiles update:/Params pp"])
            let stranger = try await Clerk.make(browser, [["profiles", "delete,update:/Description", "*"]], "stranger")
            #expect(try await stranger.send(.patch, "/api/v3/profiles/pp", many).status == 404)
            let writer = try await Clerk.make(browser, [["profiles", "update:/Params", "*"]], "writer")
            #expect(try await writer.send(.patch, "/api/v3/profiles/pp", many).status == 200)
        }
    }

    @Test func `a job is made another machine's only by who may make one there`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            var keys: [String] = []
            for name in ["one", "two"] {
                let made = try await browser.send(.post, "/api/v3/machines", ["Name": .string(name)])
                keys.append(made.json["Uuid"]?.stringValue ?? "")
            }
            let job: JSONValue = [
                "Machine": .string(keys[0]), "Task": "work", "Stage": "none", "State": "created",
            ]
            let made = try await browser.send(.post, "/api/v3/jobs", job)
            let path = "/api/v3/jobs/\(made.json["Uuid"]?.stringValue ?? made.text)"
            let clerk = try await Clerk.make(browser, [["machines", "get", "*"], ["jobs", "get,update", keys[0]]])
            let move = Self.patch(["op": "replace", "path": "/Machine", "value": .string(keys[1])])
            let refused = try await clerk.send(.patch, path, move)
            #expect(refused.error.messages.last == "Requires: jobs create \(keys[1])", "\(refused.text)")
            let other = Self.patch(["op": "replace", "path": "/State", "value": "running"])
            #expect(try await clerk.send(.patch, path, other).status == 200)
        }
    }

    @Test func `a refusal names no object that its reader may not get`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let taken = try await browser.send(.post, "/api/v3/machines", ["Name": "taken", "Profiles": []])
            let key = try #require(taken.json["Uuid"]?.stringValue)
            _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "used"])
            let attach: JSONValue = [["op": "add", "path": "/Profiles/-", "value": "used"]]
            _ = try await browser.send(.patch, "/api/v3/machines/\(key)", attach)
            let clerk = try await Clerk.make(
                browser, [["machines", "create", "*"], ["profiles,roles", "get,delete", "*"]])
            let made = try await clerk.send(.post, "/api/v3/machines", ["Name": "taken"])
            #expect(made.status == 422 && !made.text.contains(key), "\(made.text)")
            let removed = try await clerk.send(.delete, "/api/v3/profiles/used")
            #expect(removed.error.messages == ["In use by a Machine"], "\(removed.text)")
            _ = try await browser.send(.post, "/api/v3/users", ["Name": "other", "Roles": ["clerk-role"]])
            let role = try await clerk.send(.delete, "/api/v3/roles/clerk-role")
            #expect(role.status == 409 && !role.text.contains("other"), "\(role.text)")
        }
    }

    @Test func `a test in a patch tells nothing to those who may neither get nor change the object`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "pp", "Description": "hush"])
            let stranger = try await Clerk.make(browser, [["profiles", "get,update", "other"]])
            var answers: Set<String> = []
            for (key, guess) in [("pp", "hush"), ("pp", "wrong"), ("pp", "hush"), ("none", "hush")] {
                for end in [[:], ["op": "replace", "path": "/Description", "value": "x"]] as [JSONValue] {
                    let test: JSONValue = ["op": "test", "path": "/Description", "value": .string(guess)]
                    let patch: JSONValue = end == [:] ? [test] : [test, end]
                    let alone = try await stranger.send(.patch, "/api/v3/profiles/\(key)", patch)
                    let change: JSONValue = [
                        "op": "patch", "type": "profiles", "key": .string(key), "patch": patch, "ifMatch": "\"9\"",
                    ]
                    let set = try await stranger.send(.post, "/api/v3/changes?dryRun=true", ["changes": [change]])
                    #expect(alone.status == 404 && set.status == 404, "\(alone.text) \(set.text)")
                    answers.insert((alone.text + set.text).replacing("none", with: "pp"))
                }
            }
            #expect(answers.count == 1, "one answer for all: \(answers)")
        }
    }

    @Test func `who undoes takes what the undo changes and nothing for what follows from it`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "pp", "Description": "old"])
            let change = Self.patch(["op": "replace", "path": "/Description", "value": "new"])
            _ = try await browser.send(.patch, "/api/v3/profiles/pp", change)
            let undo = "/api/v3/changes/\(server.tracker.snapshot.revision)/undo"
            let other = try await Clerk.make(
                browser, [["profiles", "get", "*"], ["profiles", "update:/Meta", "*"]], "other")
            let refused = try await other.send(.post, undo, [:])
            #expect(refused.error.messages.last == "Requires: profiles update:/Description pp", "\(refused.text)")
            let clerk = try await Clerk.make(
                browser, [["profiles", "get", "*"], ["profiles", "update:/Description", "pp"]], "clerk")
            #expect(try await clerk.send(.post, undo, [:]).status == 200)
            #expect(try await browser.get("/api/v3/profiles/pp").json["Description"] == "old")
        }
    }

    @Test func `whoever leaves sealed values in clear must be one who may open them`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            _ = try await browser.send(.post, "/api/v3/params", ["Name": "ss", "Secure": true])
            _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "pp", "Params": ["ss": "hush"]])
            let clerk = try await Clerk.make(
                browser, [["params", "*", "*"], ["profiles", "get", "*"], ["contents", "*", "*"]])
            let open = Self.patch(["op": "replace", "path": "/Secure", "value": false])
            let refused = try await clerk.send(.patch, "/api/v3/params/ss", open)
            #expect(refused.error.messages.last == "Requires: profiles getSecure pp", "\(refused.text)")
            let put = try await clerk.send(.put, "/api/v3/params/ss", ["Name": "ss"])
            #expect(put.error.messages.last == "Requires: profiles getSecure pp", "\(put.text)")
            let box = try await browser.get("/api/v3/profiles/pp").json["Params"]?["ss"]
            #expect(box?["Payload"] != nil)
        }
    }

    @Test func `a hidden object is not found by any write and collides when it is made again`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            for name in ["mine", "theirs"] {
                _ = try await browser.send(.post, "/api/v3/profiles", ["Name": .string(name)])
            }
            let clerk = try await Clerk.make(browser, [["profiles", "*", "*"]])
            _ = try await browser.send(
                .post, "/api/v3/tenants",
                ["Name": "acme", "Users": ["clerk"], "Members": ["profiles": ["mine"]]])
            let etag = try #require(try await browser.get("/api/v3/profiles/theirs").headers[.eTag])
            for key in ["theirs", "nowhere"] {
                for match in ["*", etag] {
                    let change: JSONValue = [
                        "op": "delete", "type": "profiles", "key": .string(key), "ifMatch": .string(match),
                    ]
                    let answer = try await clerk.send(.post, "/api/v3/changes", ["changes": [change]])
                    #expect(answer.status == 404, "\(answer.text)")
                }
                let path = "/api/v3/profiles/\(key)"
                for match in ["*", etag, "\"0\""] {
                    let answer = try await clerk.send(.put, path, ["Name": .string(key)], headers: [.ifMatch: match])
                    #expect(answer.status == 404, "\(answer.text)")
                }
                #expect(try await clerk.send(.delete, path).status == 404)
                #expect(try await clerk.send(.put, path, ["Name": .string(key)]).status == 404)
                #expect(try await clerk.send(.patch, path, []).status == 404)
                #expect(try await clerk.send(.post, path + "/params/aa", 1).status == 404)
                #expect(try await clerk.send(.patch, "/api/v3/meta/profiles/\(key)", []).status == 404)
            }
            #expect(try await clerk.send(.post, "/api/v3/profiles", ["Name": "theirs"]).status == 409)
            #expect(try await browser.get("/api/v3/profiles/theirs").status == 200)
        }
    }
}

/// Somebody with one role of the given claims.
enum Clerk {
    static func make(_ browser: Browser, _ claims: [[String]], _ name: String = "clerk") async throws -> Browser {
        let values = claims.map { claim -> JSONValue in
            ["scope": .string(claim[0]), "action": .string(claim[1]), "specific": .string(claim[2])]
        }
        let role = try await browser.send(
            .post, "/api/v3/roles", ["Name": .string("\(name)-role"), "Claims": .array(values)])
        if role.status != 201 { throw TestFailure(role.text) }
        return try await Nobody.make(browser, name, roles: ["\(name)-role"])
    }
}
