import Access
import Basics
import HTTPTypes
import JSON
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

@Suite(.allTransports) struct AccessEndpointTests {
    private static let basic = "Basic " + Base64.encode(Array("rocketskates:r0cketsk8ts".utf8))

    /// Makes a user without roles, and gives a browser for them.
    private static func bob(_ server: TestServer, _ browser: Browser, roles: JSONValue = []) async throws -> Browser {
        _ = try await browser.send(.post, "/api/v3/users", ["Name": "bob", "Roles": roles])
        let token = try await browser.get("/api/v3/users/bob/token?ttl=86400").json["Token"]?.stringValue ?? ""
        return browser.with("Bearer \(token)")
    }

    @Test func `a password gets a token, and the token everything else`() async throws {
        try await TestServer().browse { browser in
            let answer = try await browser.with(Self.basic).get("/api/v3/users/rocketskates/token")
            #expect(answer.status == 200 && answer.json["Info"]?["id"] == "Fred")
            let token = try #require(answer.json["Token"]?.stringValue)
            #expect(try await browser.with("Bearer \(token)").get("/api/v3/info").status == 200)
            #expect(try await browser.with(nil).get("/api/v3/info?token=\(token)").status == 200)
        }
    }

    @Test func `every route but the open ones wants to know who asks`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            for route in server.server.routes.routes where route.requirement != .nothing {
                let path = route.pattern.description.split(separator: "/").map { $0.hasPrefix("{") ? "x" : $0 }
                    .joined(separator: "/")
                let answer = try await browser.with(nil).send(route.method, "/" + path)
                #expect(answer.status == 401, "\(route)")
                #expect(answer.error.model == "users" && answer.error.type.isEmpty)
            }
        }
    }

    @Test func `whoever may do nothing may do nothing`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let bob = try await Self.bob(server, browser)
            for route in server.server.routes.routes where ![.nothing, .account].contains(route.requirement) {
                let path = route.pattern.description.split(separator: "/").map { $0.hasPrefix("{") ? "x" : $0 }
                    .joined(separator: "/")
                let body: JSONValue = [["op": "add", "path": "/Description", "value": "x"]]
                let answer = try await bob.send(route.method, "/" + path, body)
                if route.requirement.isList {
                    #expect(answer.status == 200 && ["[]", "{}"].contains(answer.text), "\(route): \(answer.text)")
                } else if route.isAboutObject {
                    #expect(answer.status == 404 && answer.error.type != "AUTH", "\(route): \(answer.text)")
                } else {
                    #expect(answer.status == 403 && answer.error.type == "AUTH", "\(route): \(answer.text)")
                }
            }
        }
    }

    @Test func `wrong credentials are refused`() async throws {
        try await TestServer().browse { browser in
            let wrong = try await browser.with("Basic " + Base64.encode(Array("jack:x".utf8))).get("/api/v3/info")
            #expect(wrong.error == APIError(401, "", of: "users", "Access Denied"))
            #expect(try await browser.with("Bearer x.y.z").get("/api/v3/info").status == 403)
            #expect(try await browser.with("Nonsense").get("/api/v3/info").status == 401)
        }
    }

    @Test func `a refusal names the target and the claim with the key as typed`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let bob = try await Self.bob(server, browser)
            let denied = try await bob.get("/api/v3/users/Name:bob?decode=true")
            #expect(
                denied.error
                    == APIError(
                        403, "AUTH",
                        ["Cannot access /api/v3/users/Name:bob?decode=true", "Requires: users getSecure Name:bob"]))
            #expect(try await bob.get("/api/v3/users/Name:bob").status == 200)
        }
    }

    @Test func `a patch needs a claim for each part that it changes`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            _ = try await browser.send(
                .post, "/api/v3/roles",
                [
                    "Name": "describer",
                    "Claims": [
                        ["scope": "profiles", "action": "get,update:/Description,update:/Params/aa", "specific": "*"]
                    ],
                ])
            let bob = try await Self.bob(server, browser, roles: ["describer"])
            func patch(_ pointer: String) -> JSONValue {
                [
                    ["op": "test", "path": "/Name", "value": "global"],
                    ["op": "add", "path": .string(pointer), "value": "x"],
                ]
            }
            let path = "/api/v3/profiles/global"
            #expect(try await bob.send(.patch, path, patch("/Description")).status == 200)
            let denied = try await bob.send(.patch, path, patch("/Documentation"))
            #expect(denied.error.messages.last == "Requires: profiles update:/Documentation global")
            let document: JSONValue = [["op": "add", "path": "/Documentation", "value": "text"]]
            _ = try await browser.send(.patch, path, document)
            let move: JSONValue = [["op": "move", "from": "/Documentation", "path": "/Description"]]
            let refused = try await bob.send(.patch, path, move)
            #expect(refused.error.messages.last == "Requires: profiles update:/Documentation global")
            #expect(try await bob.send(.post, path + "/params/aa", 1).status == 200)
            #expect(try await bob.send(.post, path + "/params/bb", 1).status == 403)
            #expect(try await bob.send(.patch, path + "/params", [["op": "remove", "path": "/aa"]]).status == 200)
        }
    }

    @Test func `a new password makes old tokens void`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let bob = try await Self.bob(server, browser)
            let set = try await bob.send(.put, "/api/v3/users/bob/password", ["Password": "new"])
            #expect(set.status == 200 && set.json["Name"] == "bob" && set.json["PasswordHash"] == nil)
            #expect(try await bob.get("/api/v3/users/bob").status == 403)
            let basic = "Basic " + Base64.encode(Array("bob:new".utf8))
            #expect(try await browser.with(basic).get("/api/v3/users/bob").status == 200)
            let empty = try await browser.send(.put, "/api/v3/users/bob/password", [:])
            #expect(empty.status == 400)
        }
    }

    @Test func `a token's lifetime must be a duration`() async throws {
        try await TestServer().browse { browser in
            let cow = try await browser.get("/api/v3/users/rocketskates/token?ttl=cow")
            #expect(
                cow.error
                    == APIError(
                        400, "GET", of: "users", key: "rocketskates",
                        #"strconv.ParseInt: parsing "cow": invalid syntax"#))
            let shim = try await browser.get("/api/v3/users/%7Bname%7D/token?name=rocketskates&ttl=60")
            #expect(shim.status == 200)
            #expect(try await browser.get("/api/v3/users/nobody/token").status == 404)
        }
    }

    @Test func `a tenant's user sees only its members`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            for name in ["aa", "bb"] {
                _ = try await browser.send(.post, "/api/v3/profiles", ["Name": .string(name)])
            }
            let bob = try await Self.bob(server, browser, roles: ["superuser"])
            let tenant: JSONValue = ["Name": "t1", "Users": ["bob"], "Members": ["profiles": ["aa"]]]
            #expect(try await browser.send(.post, "/api/v3/tenants", tenant).status == 201)
            let list = try await bob.get("/api/v3/profiles")
            #expect(list.json.arrayValue?.compactMap { $0["Name"]?.stringValue } == ["aa"])
            #expect(list.headers[.listTotalCount] == "1")
            #expect(try await bob.get("/api/v3/profiles/aa").status == 200)
            for answer in [
                try await bob.get("/api/v3/profiles/bb"), try await bob.send(.delete, "/api/v3/profiles/bb"),
                try await bob.send(.put, "/api/v3/profiles/bb", ["Name": "bb"]),
                try await bob.send(.patch, "/api/v3/profiles/bb", []),
                try await bob.send(.post, "/api/v3/profiles/bb/params/x", 1),
                try await bob.send(.delete, "/api/v3/profiles/bb/params/x"),
                try await bob.send(.patch, "/api/v3/meta/profiles/bb", []),
            ] {
                #expect(answer.status == 404 && answer.error.messages == ["Not Found"])
            }
            #expect(try await bob.send(.post, "/api/v3/profiles", ["Name": "bb"]).status == 409)
            #expect(try await browser.get("/api/v3/profiles/bb").status == 200)
        }
    }
}
