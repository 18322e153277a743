import JSON
import Provisioning
import Testing

@testable import Access

struct ClaimSetTests {
    private func set(_ lists: [Claim]..., only restrictions: Claim...) -> ClaimSet {
        ClaimSet(lists, restrictions: restrictions, scopes: AccessFixture.scopes)
    }

    private let get = Claim("machines", "get", "x")
    private let secure = Claim("machines", "getSecure", "x")

    @Test func `claims of one role combine`() {
        let role = [Claim("machines", "get", "*"), Claim("machines", "getSecure", "x")]
        #expect(set(role).satisfies([get, secure]))
    }

    @Test func `claims of several roles do not`() {
        let both = set([Claim("machines", "get", "*")], [Claim("machines", "getSecure", "*")])
        #expect(both.satisfies([get]))
        #expect(both.satisfies([secure]))
        #expect(!both.satisfies([get, secure]))
    }

    @Test func `one claim does not combine with another`() {
        let role = [Claim("machines", "get", "*"), Claim("machines", "list", "*")]
        #expect(!set(role).satisfies([Claim("machines", "get,list", "x")]))
        #expect(set(role).satisfies([Claim("machines", "get", "x"), Claim("machines", "list")]))
    }

    @Test func `no claims are wanted by those who are only to be known`() {
        #expect(set([]).satisfies([]))
        #expect(ClaimSet([], scopes: AccessFixture.scopes).satisfies([]))
        #expect(!ClaimSet([], scopes: AccessFixture.scopes).satisfies([get]))
    }

    @Test func `every restriction has to cover the request too`() {
        let restricted = set([.everything], only: Claim("machines", "*", "*"), Claim("*", "get", "*"))
        #expect(!restricted.coversEverything)
        #expect(restricted.satisfies([get]))
        #expect(!restricted.satisfies([secure]))
        #expect(!restricted.satisfies([Claim("stages", "get", "x")]))
        #expect(!set([Claim("stages", "get", "*")], only: Claim("machines", "*", "*")).satisfies([get]))
    }

    @Test func `a restriction to everything is none`() {
        #expect(set([.everything], only: .everything).coversEverything)
        #expect(!set([Claim("*", "*", "x")]).coversEverything)
    }

    @Test func `what is missing is named`() {
        let some = set([Claim("machines", "get", "*")], [Claim("machines", "list", "*")])
        #expect(some.missing(of: [get]) == [])
        #expect(some.missing(of: [get, secure]) == [secure])
        #expect(some.missing(of: [get, Claim("machines", "list")]) == [get, Claim("machines", "list")])
    }

    @Test func `a refusal names claims with the key as it was typed`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addRole("readers", Claim("machines", "get", "*"))
        try await fixture.addUser("rob", roles: ["readers"])
        let principal = try await fixture.login("rob")
        let requirements = ["get", "getSecure"].map {
            Requirement(Claim("machines", $0, AccessFixture.machine), typed: "Name:bob")
        }
        #expect(Authorization.decide(principal, [requirements[0]]) == .allowed)
        let missing = Claim("machines", "getSecure", "Name:bob")
        #expect(Authorization.decide(principal, requirements) == .denied(requires: [missing]))
        let error = AccessError.denied("/api/v3/machines/Name:bob?decode=true", requires: [missing])
        #expect(error.code == .denied)
        #expect(
            error.messages == [
                "Cannot access /api/v3/machines/Name:bob?decode=true", "Requires: machines getSecure Name:bob",
            ])
    }

    @Test func `every user may read themselves, change their password and get a token`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob")
        let rob = try await fixture.login("rob")
        for action in ["get", "password", "token"] {
            #expect(Authorization.decide(rob, claims: [Claim("users", action, "rob")]) == .allowed)
            let other = Claim("users", action, "tim")
            #expect(Authorization.decide(rob, claims: [other]) == .denied(requires: [other]))
        }
        #expect(Authorization.decide(rob, claims: [Claim("users", "update", "rob")]) != .allowed)
        #expect(Authorization.decide(rob, claims: [Claim("users", "list")]) != .allowed)
        #expect(Authorization.decide(rob, claims: []) == .allowed)
    }

    @Test func `claims read from JSON as they are written`() {
        let claims = [Claim("a", "b", "c"), Claim("", "", "")]
        #expect(Claim.list(.array(claims.map(\.value))) == claims)
        #expect(Claim.list([["scope": "a"], 1, ["action": 1]]) == [Claim("a", "", ""), Claim("", "", "")])
        #expect(Claim.list(nil) == [])
        #expect(Claim.list("x") == [])
    }
}
