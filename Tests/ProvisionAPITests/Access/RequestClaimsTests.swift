import Access
import HTTPTypes
import JSON
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

/// Which claims a request needs (C §11.3): each row is a request, and what somebody who may get its object, if it is about
/// one, is told is missing.
@Suite(.timeLimit(.minutes(10)), .allTransports) struct RequestClaimsTests {
    struct Row: Sendable {
        let method: HTTPRequest.Method
        let target: String
        let body: JSONValue?
        let claims: [String]

        /// Whether it takes no more than getting the object.
        var isRead: Bool { claims.allSatisfy { $0.contains(" get ") } }

        init(_ method: HTTPRequest.Method, _ target: String, _ body: JSONValue? = nil, _ claims: String...) {
            (self.method, self.target, self.body, self.claims) = (method, target, body, claims)
        }
    }

    private static func patch(_ operations: JSONValue...) -> JSONValue { .array(operations) }
    private static let describe = patch(["op": "replace", "path": "/Description", "value": "xx"])
    private static let add: JSONValue = ["op": "add", "path": "/a/b", "value": 1]

    private static let objects: [Row] = [
        Row(.get, "machines/xx", nil, "machines get xx"),
        Row(.head, "machines/xx", nil, "machines get xx"),
        Row(.get, "machines/Name:xx", nil, "machines get Name:xx"),
        Row(.get, "machines/Name%3Ax", nil, "machines get Name:xx"),
        Row(.get, "machines/Name:xx?decode=true", nil, "machines getSecure Name:xx"),
        Row(.get, "machines/Name:xx?decode", nil, "machines getSecure Name:xx"),
        Row(.get, "machines/Name:xx?decode=false", nil, "machines get Name:xx"),
        Row(.get, "machines/Name:xx?revision=1", nil, "machines get Name:xx"),
        Row(.post, "machines", ["Name": "xx"], "machines create "),
        Row(.post, "profiles", ["Name": "xx"], "profiles create xx"),
        Row(.post, "profiles", ["name": "xx", "Name": "yy"], "profiles create yy"),
        Row(.post, "leases", ["Addr": "1.2.3.4"], "leases create 01020304"),
        Row(.post, "jobs", ["Machine": "some-uuid"], "jobs create some-uuid"),
        Row(.put, "profiles/xx", ["Name": "xx"], "profiles update xx"),
        Row(.delete, "profiles/xx", nil, "profiles delete xx"),
        Row(.delete, "params/a/b", nil, "params delete a/b"),
        Row(.delete, "params/a%2Fb", nil, "params delete a/b"),
        Row(.get, "profiles/xx/explain", nil, "profiles get xx"),
        Row(.get, "profiles/xx/history", nil, "profiles get xx"),
        Row(.get, "users/xx", nil, "users get xx"),
        Row(.get, "roles/xx", nil, "roles get xx"),
        Row(.get, "endpoints/xx", nil, "endpoints get xx"),
        Row(.get, "leases/1.2.3.4", nil, "leases get 1.2.3.4"),
    ]

    private static let parts: [Row] = [
        Row(.patch, "profiles/xx", describe, "profiles update:/Description xx"),
        Row(
            .patch, "profiles/xx", patch(["op": "add", "path": "/Meta/a~1b", "value": "c"]),
            "profiles update:/Meta/a~1b xx"),
        Row(.patch, "profiles/xx", patch(["op": "remove", "path": "/Params/pp"]), "profiles update:/Params/pp xx"),
        Row(
            .patch, "profiles/xx",
            patch(["op": "test", "path": "/Name", "value": "xx"], ["op": "remove", "path": "/Meta"]),
            "profiles update:/Meta/m xx"),
        Row(
            .patch, "profiles/xx",
            patch(["op": "remove", "path": "/Description"], ["op": "remove", "path": "/Meta/m"]),
            "profiles update:/Description xx", "profiles update:/Meta/m xx"),
        Row(
            .patch, "profiles/xx", patch(["op": "move", "from": "/Description", "path": "/Documentation"]),
            "profiles update:/Description xx", "profiles update:/Documentation xx"),
        Row(
            .patch, "profiles/xx", patch(["op": "copy", "from": "/Description", "path": "/Documentation"]),
            "profiles update:/Documentation xx"),
        Row(.patch, "profiles/xx", patch(["op": "remove", "path": "/Nothing"]), "profiles update:/Nothing xx"),
        Row(
            .patch, "profiles/xx", patch(["op": "replace", "path": "", "value": [:]]),
            "profiles update:/Description xx", "profiles update:/Meta/m xx", "profiles update:/Params/pp xx"),
        Row(.patch, "profiles/xx", patch(), "profiles get xx"),
        Row(.patch, "profiles/xx", patch(["op": "test", "path": "/Name", "value": "xx"]), "profiles get xx"),
        Row(
            .patch, "machines/Name:xx", patch(["op": "replace", "path": "/Name", "value": "yy"]),
            "machines update:/Name Name:xx"),
        Row(.get, "meta/profiles/xx", nil, "profiles get xx"),
        Row(
            .patch, "meta/profiles/xx", patch(["op": "add", "path": "/k", "value": "v"]), "profiles update:/Meta/k xx"),
        Row(.patch, "meta/profiles/xx", patch(), "profiles get xx"),
        Row(.get, "profiles/xx/params", nil, "profiles get xx"),
        Row(.get, "profiles/xx/params/a/b", nil, "profiles get xx"),
        Row(.get, "profiles/xx/params?decode=true", nil, "profiles getSecure xx"),
        Row(.get, "profiles/xx/params/a/b?decode=true", nil, "profiles getSecure xx"),
        Row(.get, "profiles/xx/params/a/explain", nil, "profiles get xx"),
        Row(.post, "profiles/xx/params", ["a": 1], "profiles update:/Params xx"),
        Row(.post, "profiles/xx/params/a/b", 1, "profiles update:/Params/a~1b xx"),
        Row(.delete, "profiles/xx/params/a~b", nil, "profiles update:/Params/a~0b xx"),
        Row(.patch, "profiles/xx/params", patch(add), "profiles update:/Params/a/b xx"),
        Row(.patch, "profiles/xx/params", patch(), "profiles get xx"),
    ]

    private static let others: [Row] = [
        Row(.get, "machines/Name:xx/actions", nil, "machines actions Name:xx"),
        Row(.get, "machines/Name:xx/actions/reboot", nil, "machines actions Name:xx"),
        Row(.post, "machines/Name:xx/actions/reboot", [:], "machines action:reboot Name:xx"),
        Row(.get, "jobs/\(job)/plugin_actions", nil, "jobs actions \(job)"),
        Row(.post, "jobs/\(job)/plugin_actions/stop", [:], "jobs action:stop \(job)"),
        Row(.get, "users/xx/token", nil, "users token xx"),
        Row(.get, "users/xx/token?ttl=5&scope=machines", nil, "users token xx"),
        Row(.put, "users/xx/password", ["Password": "y"], "users password xx"),
        Row(.get, "machines/Name:xx/token", nil, "machines token Name:xx"),
        Row(.post, "prefs", [:], "preferences post "),
        Row(.post, "contents", ["meta": ["Name": "xx"]], "contents create "),
        Row(.get, "contents/xx", nil, "contents get xx"),
        Row(.put, "contents/xx", ["meta": ["Name": "xx"]], "contents update xx"),
        Row(.delete, "contents/xx", nil, "contents delete xx"),
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
        (["op": "create", "type": "profiles", "object": ["Name": "xx"]], ["profiles create xx"]),
        (["op": "create", "type": "jobs", "object": ["Machine": "m"]], ["jobs create m"]),
        (["op": "replace", "type": "profiles", "key": "xx", "object": ["Name": "xx"]], ["profiles update xx"]),
        (["op": "delete", "type": "profiles", "key": "xx"], ["profiles delete xx"]),
        (["op": "patch", "type": "profiles", "key": "xx", "patch": describe], ["profiles update:/Description xx"]),
        (["op": "patch", "type": "profiles", "key": "xx", "patch": []], ["profiles get xx"]),
        (
            ["op": "patch", "type": "profiles", "key": "xx", "patch": [["op": "move", "from": "/A", "path": "/B"]]],
            ["profiles update:/A xx", "profiles update:/B xx"]
        ),
    ]

    private static let job = "5ab1e000-0000-4000-8000-00000000000b"

    /// One object of each type that rows are about.
    private static func makeObjects(_ browser: Browser) async throws {
        let machine: JSONValue = ["Name": "xx", "Uuid": "5ab1e000-0000-4000-8000-00000000000a"]
        let profile: JSONValue = ["Name": "xx", "Description": "d", "Meta": ["m": "1"], "Params": ["pp": 1]]
        for (path, body) in [
            ("machines", machine), ("profiles", profile), ("params", ["Name": "a/b"]),
            ("users", ["Name": "xx"]), ("roles", ["Name": "xx"]), ("contents", ["meta": ["Name": "xx"]]),
            (
                "jobs",
                [
                    "Uuid": .string(job), "Machine": machine["Uuid"] ?? "", "State": "created", "Task": "work",
                    "Stage": "none",
                ]
            ),
        ] as [(String, JSONValue)] {
            let answer = try await browser.send(.post, "/api/v3/\(path)", body)
            if answer.status != 201 { throw TestFailure(answer.text) }
        }
    }

    private static func messages(_ target: String, _ claims: [String]) -> [String] {
        ["Cannot access /api/v3/\(target)"] + claims.map { "Requires: \($0)" }
    }

    @Test func `whoever may get the objects is told the other claims that a request needs`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            try await Self.makeObjects(browser)
            let reader = try await Clerk.make(browser, [["*", "get", "*"]], "reader")
            for row in Self.objects + Self.parts + Self.others where !row.isRead {
                let answer = try await reader.send(row.method, "/api/v3/\(row.target)", row.body)
                #expect(answer.status == 403 && answer.error.type == "AUTH", "\(row): \(answer.text)")
                #expect(answer.error.messages == Self.messages(row.target, row.claims))
            }
            for (change, claims) in Self.changes where claims != ["profiles get xx"] {
                let answer = try await reader.send(.post, "/api/v3/changes", ["changes": [change]])
                #expect(answer.error.messages == Self.messages("changes", claims))
            }
        }
    }

    @Test func `whoever has no claims is told them only of requests that are about no object`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            try await Self.makeObjects(browser)
            let nobody = try await Nobody.make(browser)
            for row in Self.objects + Self.parts + Self.others {
                let answer = try await nobody.send(row.method, "/api/v3/\(row.target)", row.body)
                guard row.method != .head else {
                    #expect(answer.status == 404)
                    continue
                }
                if ["create", "post", "list", "cert"].contains(row.claims[0].split(separator: " ")[1])
                    || row.target == "info"
                {
                    #expect(answer.status == 403 && answer.error.type == "AUTH", "\(row): \(answer.text)")
                    #expect(answer.error.messages == Self.messages(row.target, row.claims))
                } else {
                    #expect(answer.status == 404 && !answer.text.contains("Requires"), "\(row): \(answer.text)")
                }
            }
            for (change, claims) in Self.changes {
                let answer = try await nobody.send(.post, "/api/v3/changes", ["changes": [change]])
                let isCreation = change["op"] == "create"
                if isCreation {
                    #expect(answer.error.messages == Self.messages("changes", claims))
                } else {
                    #expect(answer.status == 404 && answer.error.messages[0].hasSuffix(": Not Found"))
                }
            }
        }
    }

    @Test func `what a read needs is what the server says of it`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            try await Self.makeObjects(browser)
            _ = try await Nobody.make(browser)
            for row in Self.objects + Self.parts where row.method == .get && row.isRead {
                let asked = "/api/v3/system/whydenied?user=nobody&path=/\(row.target)"
                let requires = try await browser.get(asked).json["requires"]?.arrayValue ?? []
                let claims = requires.compactMap(\.objectValue).map { Claim($0) }
                #expect(claims.count == row.claims.count, "\(row)")
                for (claim, text) in zip(claims, row.claims) {
                    #expect(
                        "\(claim.scope) \(claim.action)" == text.split(separator: " ").prefix(2).joined(separator: " "))
                }
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
            #expect(try await user.get("/api/v3/machines/Name:m2").status == 404)
            for address in ["1.2.3.4", "1.2.3.5"] {
                _ = try await browser.send(
                    .post, "/api/v3/leases", ["Addr": .string(address), "Token": "t", "Strategy": "MAC"])
            }
            #expect(try await user.get("/api/v3/leases/1.2.3.4").status == 200)
            #expect(try await user.get("/api/v3/leases/1.2.3.5").status == 404)
            #expect(try await user.send(.post, "/api/v3/jobs", ["Machine": .string(key)]).status != 403)
            #expect(try await user.send(.post, "/api/v3/jobs", ["Machine": "other"]).status == 403)
        }
    }
}

/// Somebody who is known and may do little.
enum Nobody {
    static func make(_ browser: Browser, _ name: String = "nobody", roles: [String] = []) async throws -> Browser {
        _ = try await browser.send(.post, "/api/v3/users", ["Name": .string(name), "Roles": JSONValue(roles)])
        let token = try await browser.get("/api/v3/users/\(name)/token?ttl=86400").json["Token"]?.stringValue ?? ""
        return browser.with("Bearer \(token)")
    }
}
