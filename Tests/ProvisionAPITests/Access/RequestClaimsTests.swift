import HTTPTypes
import JSON
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

/// Which claims a request needs (C §11.3): each row is a request, and what somebody without any is told is missing.
@Suite(.timeLimit(.minutes(10))) struct RequestClaimsTests {
    struct Row: Sendable {
        let method: HTTPRequest.Method
        let target: String
        let body: JSONValue?
        let claims: [String]

        init(_ method: HTTPRequest.Method, _ target: String, _ body: JSONValue? = nil, _ claims: String...) {
            (self.method, self.target, self.body, self.claims) = (method, target, body, claims)
        }
    }

    private static func patch(_ operations: JSONValue...) -> JSONValue { .array(operations) }
    private static let describe = patch(["op": "replace", "path": "/Description", "value": "x"])
    private static let add: JSONValue = ["op": "add", "path": "/a/b", "value": 1]

    private static let objects: [Row] = [
        Row(.get, "machines/x", nil, "machines get x"),
        Row(.head, "machines/x", nil, "machines get x"),
        Row(.get, "machines/Name:x", nil, "machines get Name:x"),
        Row(.get, "machines/Name%3Ax", nil, "machines get Name:x"),
        Row(.get, "machines/x?decode=true", nil, "machines get x", "machines getSecure x"),
        Row(.get, "machines/x?decode", nil, "machines get x", "machines getSecure x"),
        Row(.get, "machines/x?decode=false", nil, "machines get x"),
        Row(.get, "machines/x?revision=1", nil, "machines get x"),
        Row(.post, "machines", ["Name": "x"], "machines create "),
        Row(.post, "profiles", ["Name": "x"], "profiles create x"),
        Row(.post, "profiles", ["name": "x", "Name": "y"], "profiles create y"),
        Row(.post, "leases", ["Addr": "1.2.3.4"], "leases create 01020304"),
        Row(.post, "jobs", ["Machine": "some-uuid"], "jobs create some-uuid"),
        Row(.put, "profiles/x", ["Name": "x"], "profiles update x"),
        Row(.delete, "profiles/x", nil, "profiles delete x"),
        Row(.delete, "params/a/b", nil, "params delete a/b"),
        Row(.delete, "params/a%2Fb", nil, "params delete a/b"),
        Row(.get, "profiles/x/explain", nil, "profiles get x"),
        Row(.get, "profiles/x/history", nil, "profiles get x"),
        Row(.get, "users/x", nil, "users get x"),
        Row(.get, "roles/x", nil, "roles get x"),
        Row(.get, "endpoints/x", nil, "endpoints get x"),
        Row(.get, "leases/1.2.3.4", nil, "leases get 1.2.3.4"),
    ]

    private static let parts: [Row] = [
        Row(.patch, "profiles/x", describe, "profiles update:/Description x"),
        Row(
            .patch, "profiles/x", patch(["op": "add", "path": "/Meta/a~1b", "value": "c"]),
            "profiles update:/Meta/a~1b x"),
        Row(.patch, "profiles/x", patch(["op": "remove", "path": "/Params/p"]), "profiles update:/Params/p x"),
        Row(
            .patch, "profiles/x",
            patch(["op": "test", "path": "/Name", "value": "x"], ["op": "remove", "path": "/Meta"]),
            "profiles update:/Meta x"),
        Row(
            .patch, "profiles/x", patch(["op": "remove", "path": "/A"], ["op": "remove", "path": "/B"]),
            "profiles update:/A x", "profiles update:/B x"),
        Row(
            .patch, "profiles/x", patch(["op": "move", "from": "/A", "path": "/B"]), "profiles update:/A x",
            "profiles update:/B x"),
        Row(.patch, "profiles/x", patch(["op": "copy", "from": "/A", "path": "/B"]), "profiles update:/B x"),
        Row(.patch, "profiles/x", patch(["op": "replace", "path": "", "value": [:]]), "profiles update: x"),
        Row(.patch, "profiles/x", patch(), "profiles get x"),
        Row(.patch, "profiles/x", patch(["op": "test", "path": "/Name", "value": "x"]), "profiles get x"),
        Row(.patch, "machines/x", patch(["op": "replace", "path": "/Tasks", "value": []]), "machines update:/Tasks x"),
        Row(.get, "meta/profiles/x", nil, "profiles get x"),
        Row(.patch, "meta/profiles/x", patch(["op": "add", "path": "/k", "value": "v"]), "profiles update:/Meta/k x"),
        Row(.patch, "meta/profiles/x", patch(), "profiles get x"),
        Row(.get, "profiles/x/params", nil, "profiles get x"),
        Row(.get, "profiles/x/params/a/b", nil, "profiles get x"),
        Row(.get, "profiles/x/params?decode=true", nil, "profiles get x", "profiles getSecure x"),
        Row(.get, "profiles/x/params/a/b?decode=true", nil, "profiles get x", "profiles getSecure x"),
        Row(.get, "profiles/x/params/a/explain", nil, "profiles get x"),
        Row(.post, "profiles/x/params", ["a": 1], "profiles update:/Params x"),
        Row(.post, "profiles/x/params/a/b", 1, "profiles update:/Params/a~1b x"),
        Row(.delete, "profiles/x/params/a~b", nil, "profiles update:/Params/a~0b x"),
        Row(.patch, "profiles/x/params", patch(add), "profiles update:/Params/a/b x"),
        Row(.patch, "profiles/x/params", patch(), "profiles get x"),
    ]

    private static let others: [Row] = [
        Row(.get, "machines/x/actions", nil, "machines actions x"),
        Row(.get, "machines/x/actions/reboot", nil, "machines actions x"),
        Row(.post, "machines/x/actions/reboot", [:], "machines action:reboot x"),
        Row(.get, "jobs/x/plugin_actions", nil, "jobs actions x"),
        Row(.post, "jobs/x/plugin_actions/stop", [:], "jobs action:stop x"),
        Row(.get, "users/x/token", nil, "users token x"),
        Row(.get, "users/x/token?ttl=5&scope=machines", nil, "users token x"),
        Row(.put, "users/x/password", ["Password": "y"], "users password x"),
        Row(.get, "machines/x/token", nil, "machines token x"),
        Row(.get, "prefs", nil, "preferences list "),
        Row(.post, "prefs", [:], "preferences post "),
        Row(.post, "contents", ["meta": ["Name": "x"]], "contents create "),
        Row(.get, "contents/x", nil, "contents get x"),
        Row(.put, "contents/x", ["meta": ["Name": "x"]], "contents update x"),
        Row(.delete, "contents/x", nil, "contents delete x"),
        Row(.get, "info", nil, "info get "),
        Row(.get, "objects", nil, "objects list "),
        Row(.get, "interfaces/eth0", nil, "interfaces get eth0"),
        Row(.get, "logs", nil, "logs list "),
        Row(.get, "system/cert", nil, "system cert "),
        Row(.post, "system/cert", [:], "system cert "),
        Row(.get, "system/whocan?scope=a&action=b", nil, "users list "),
    ]

    /// For change sets: what each of their lines needs.
    private static let changes: [(JSONValue, [String])] = [
        (["op": "create", "type": "profiles", "object": ["Name": "x"]], ["profiles create x"]),
        (["op": "create", "type": "jobs", "object": ["Machine": "m"]], ["jobs create m"]),
        (["op": "replace", "type": "profiles", "key": "x", "object": ["Name": "x"]], ["profiles update x"]),
        (["op": "delete", "type": "profiles", "key": "x"], ["profiles delete x"]),
        (["op": "patch", "type": "profiles", "key": "x", "patch": describe], ["profiles update:/Description x"]),
        (["op": "patch", "type": "profiles", "key": "x", "patch": []], ["profiles get x"]),
        (
            ["op": "patch", "type": "profiles", "key": "x", "patch": [["op": "move", "from": "/A", "path": "/B"]]],
            ["profiles update:/A x", "profiles update:/B x"]
        ),
    ]

    @Test func `a request needs the claims of its row`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let nobody = try await Nobody.make(browser)
            for row in Self.objects + Self.parts + Self.others {
                let answer = try await nobody.send(row.method, "/api/v3/\(row.target)", row.body)
                #expect(answer.status == 403, "\(row)")
                guard row.method != .head else { continue }
                #expect(answer.error.type == "AUTH")
                #expect(
                    answer.error.messages == ["Cannot access /api/v3/\(row.target)"]
                        + row.claims.map { "Requires: \($0)" })
            }
            for (change, claims) in Self.changes {
                let answer = try await nobody.send(.post, "/api/v3/changes", ["changes": [change]])
                #expect(answer.error.messages == ["Cannot access /api/v3/changes"] + claims.map { "Requires: \($0)" })
            }
        }
    }

    @Test func `claims are about the key of what the path means, and of a job about its machine`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let made = try await browser.send(.post, "/api/v3/machines", ["Name": "m1"])
            let key = try #require(made.json["Uuid"]?.stringValue)
            let claims: JSONValue = [
                ["scope": "machines", "action": "get", "specific": .string(key)],
                ["scope": "jobs", "action": "create", "specific": .string(key)],
                ["scope": "leases", "action": "get", "specific": "01020304"],
            ]
            _ = try await browser.send(.post, "/api/v3/roles", ["Name": "own", "Claims": claims])
            let user = try await Nobody.make(browser, roles: ["own"])
            #expect(try await user.get("/api/v3/machines/Name:m1").status == 200)
            #expect(try await user.get("/api/v3/machines/\(key.uppercased())").status == 200)
            #expect(try await user.get("/api/v3/machines/Name:m2").status == 403)
            #expect(try await user.get("/api/v3/leases/1.2.3.4").status == 404)
            #expect(try await user.get("/api/v3/leases/1.2.3.5").status == 403)
            #expect(try await user.send(.post, "/api/v3/jobs", ["Machine": .string(key)]).status != 403)
            #expect(try await user.send(.post, "/api/v3/jobs", ["Machine": "other"]).status == 403)
        }
    }
}

/// Somebody who is known and may do little.
enum Nobody {
    static func make(_ browser: Browser, _ name: String = "nobody", roles: [String] = []) async throws -> Browser {
        _ = try await browser.send(.post, "/api/v3/users", ["Name": .string(name), "Roles": JSONValue(roles)])
        let token = try await browser.get("/api/v3/users/\(name)/token?ttl=60").json["Token"]?.stringValue ?? ""
        return browser.with("Bearer \(token)")
    }
}
