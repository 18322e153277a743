import Access
import Basics
import HTTPTypes
import JSON
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// Giving rights takes those rights oneself, or the action `grant` on roles.
@Suite(.timeLimit(.minutes(10)), .allTransports) struct GrantTests {
    /// Manages users, roles and tasks, but for `grant`.
    private static func manager(_ browser: Browser, grant: String? = nil) async throws -> Browser {
        let usual = "list,get,create,update,delete"
        let claims = [["users,roles,tasks", usual, "*"], ["machines", "get", "*"]]
        for (name, action) in [("weak", "get"), ("strong", "delete")] {
            let claim: JSONValue = ["scope": "machines", "action": .string(action), "specific": "*"]
            _ = try await browser.send(.post, "/api/v3/roles", ["Name": .string(name), "Claims": [claim]])
        }
        return try await Clerk.make(browser, claims + (grant.map { [["roles", "grant", $0]] } ?? []), "manager")
    }

    private static let gifts: [(HTTPRequest.Method, String, JSONValue)] = [
        (.post, "users", ["Name": "new", "Roles": ["strong"]]),
        (.post, "users", ["name": "new", "roles": ["superuser"]]),
        (.post, "users", ["Name": "new", "Roles": ["absent"]]),
        (.patch, "users/manager", [["op": "add", "path": "/Roles/-", "value": "strong"]]),
        (.put, "users/manager", ["Name": "manager", "Roles": ["manager-role", "strong"]]),
        (.post, "roles", ["Name": "new", "Claims": [["scope": "machines", "action": "*", "specific": "*"]]]),
        (
            .patch, "roles/manager-role",
            [
                ["op": "add", "path": "/Claims/-", "value": ["scope": "*", "action": "*", "specific": "*"]]
            ]
        ),
        (
            .put, "roles/weak",
            ["Name": "weak", "Claims": [["scope": "machines", "action": "delete", "specific": "*"]]]
        ),
        (.post, "tasks", ["Name": "new", "ExtraRoles": ["strong"]]),
        (.post, "tasks", ["Name": "new", "ExtraClaims": [["scope": "*", "action": "get", "specific": "*"]]]),
    ]

    @Test func `rights that one does not hold cannot be given in any way`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let manager = try await Self.manager(browser)
            for (method, path, body) in Self.gifts {
                let answer = try await manager.send(method, "/api/v3/\(path)", body)
                let isRefused = answer.error.messages.last?.hasPrefix("Requires: roles grant ") == true
                #expect(isRefused && answer.status == 403, "\(method) \(path) \(body): \(answer.text)")
            }
            for (method, path, body) in [
                (.post, "users", ["Name": "fine", "Roles": ["weak", "manager-role"]]),
                (
                    .post, "roles",
                    ["Name": "fine", "Claims": [["scope": "machines", "action": "get", "specific": "x"]]]
                ),
                (.post, "tasks", ["Name": "fine", "ExtraRoles": ["weak"]]),
                (.patch, "roles/strong", [["op": "replace", "path": "/Claims", "value": []]]),
            ] as [(HTTPRequest.Method, String, JSONValue)] {
                let answer = try await manager.send(method, "/api/v3/\(path)", body)
                #expect(answer.status < 300, "\(method) \(path): \(answer.text)")
            }
        }
    }

    @Test func `who may grant gives what the grant names`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let manager = try await Self.manager(browser, grant: "strong")
            let strong: JSONValue = ["Name": "new", "Roles": ["strong"]]
            #expect(try await manager.send(.post, "/api/v3/users", strong).status == 201)
            let all: JSONValue = ["Name": "other", "Roles": ["superuser"]]
            #expect(try await manager.send(.post, "/api/v3/users", all).status == 403)
        }
    }

    @Test func `a password's hash takes the right to set passwords`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let manager = try await Self.manager(browser)
            _ = try await browser.send(.post, "/api/v3/users", ["Name": "jill"])
            let hash = JSONValue.string(Base64.encode(Array("16384$8$1$00$00".utf8)))
            for (method, path, body) in [
                (.post, "users", ["Name": "new", "PasswordHash": hash]),
                (.put, "users/jill", ["Name": "jill", "passwordhash": hash]),
                (.patch, "users/jill", [["op": "add", "path": "/PasswordHash", "value": hash]]),
            ] as [(HTTPRequest.Method, String, JSONValue)] {
                let answer = try await manager.send(method, "/api/v3/\(path)", body)
                #expect(answer.error.messages.last?.hasPrefix("Requires: users password ") == true, "\(answer.text)")
            }
            #expect(try await manager.send(.put, "/api/v3/users/jill", ["Name": "jill"]).status == 200)
        }
    }

    @Test func `users and roles and tenants in packs take what writing them takes`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            _ = try await Self.manager(browser)
            let clerk = try await Clerk.make(browser, [["contents", "*", "*"], ["profiles,roles,tasks", "get", "*"]])
            func push(_ sections: JSONValue) async throws -> Answer {
                try await clerk.send(.post, "/api/v3/contents", ["meta": ["Name": "gift"], "sections": sections])
            }
            let hash = JSONValue.string(Base64.encode(Array("16384$8$1$00$00".utf8)))
            for (sections, claims) in [
                (
                    ["users": ["x": ["Name": "new", "Roles": ["superuser"]]]],
                    ["users create new", "roles grant superuser"]
                ),
                (["users": ["new": ["PasswordHash": hash]]], ["users create new", "users password new"]),
                (
                    ["roles": ["new": ["Claims": [["scope": "*", "action": "*", "specific": "*"]]]]],
                    ["roles create new", "roles grant new"]
                ),
                (["tenants": ["new": ["Users": []]]], ["tenants create new"]),
                (["tasks": ["new": ["ExtraRoles": ["superuser"]]]], ["roles grant superuser"]),
            ] as [(JSONValue, [String])] {
                let answer = try await push(sections)
                #expect(answer.error.messages.dropFirst() == (claims.map { "Requires: \($0)" })[...], "\(answer.text)")
            }
            #expect(try await push(["profiles": ["fine": [:]]]).status == 201)
            let role: JSONValue = ["meta": ["Name": "theirs"], "sections": ["roles": ["packed": [:]]]]
            #expect(try await browser.send(.post, "/api/v3/contents", role).status == 201)
            let removed = try await clerk.send(.delete, "/api/v3/contents/theirs")
            #expect(removed.error.messages.last == "Requires: roles delete packed", "\(removed.text)")
        }
    }

    @Test func `objects in packs that one does not see take what writing them takes`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let pack: JSONValue = ["meta": ["Name": "both"], "sections": ["profiles": ["aa": [:], "bb": [:]]]]
            _ = try await browser.send(.post, "/api/v3/contents", pack)
            let clerk = try await Clerk.make(browser, [["contents", "*", "*"], ["profiles", "get", "aa"]])
            for (method, body) in [
                (.delete, nil), (.put, ["meta": ["Name": "both"], "sections": ["profiles": ["aa": [:]]]]),
            ] as [(HTTPRequest.Method, JSONValue?)] {
                let answer = try await clerk.send(method, "/api/v3/contents/both", body)
                #expect(answer.status == 403 && !answer.text.contains("bb"), "\(answer.text)")
            }
            let other: JSONValue = ["meta": ["Name": "more"], "sections": ["profiles": ["cc": [:]]]]
            let made = try await clerk.send(.post, "/api/v3/contents", other)
            #expect(made.error.messages.last == "Requires: profiles create cc", "\(made.text)")
            let own: JSONValue = [
                "meta": ["Name": "both"], "sections": ["profiles": ["aa": ["Description": "new"], "bb": [:]]],
            ]
            #expect(try await clerk.send(.put, "/api/v3/contents/both", own).status == 200)
        }
    }
}
