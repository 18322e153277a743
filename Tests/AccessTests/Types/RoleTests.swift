import JSON
import Testing
import Tracker

@testable import Access

struct RoleTests {
    @Test func `a role is stored with its claims in wire form`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addRole("readers", Claim("*", "list,get", "*"), Claim("machines", "action:reboot"))
        let stored = try #require(fixture.snapshot.object("roles", "readers"))
        #expect(
            stored.document.member("Claims")?.value() == [
                ["action": "list,get", "scope": "*", "specific": "*"],
                ["action": "action:reboot", "scope": "machines", "specific": ""],
            ])
        #expect(stored.document.member("Available")?.bool == true)
    }

    @Test(arguments: [
        (Claim("machine", "get", "*"), ["No such scope 'machine'"]),
        (Claim("machines", "fetch", "*"), ["No such action 'fetch'"]),
        (Claim("machines, nodes ,rooms", "get", "*"), ["No such scope 'nodes'", "No such scope 'rooms'"]),
        (Claim("machines", "get, fetch, send", "*"), ["No such action 'fetch'", "No such action 'send'"]),
        (Claim("events", "post", "*"), ["No such scope 'events'"]),
        (Claim("preferences", "get", "*"), ["No such action 'get'"]),
        (Claim("machines,tasks", "getSecure", "*"), ["No such action 'getSecure'"]),
        (Claim("*", "fetch", "*"), ["No such action 'fetch'"]),
        (Claim("machines", "fetch:/Name", "*"), ["No such action 'fetch:/Name'"]),
        (Claim("", "", ""), ["No such scope ''"]),
        (Claim("nodes", "fetch", "*"), ["No such scope 'nodes'"]),
    ])
    func `a claim to what does not exist is refused`(claim: Claim, problems: [String]) async throws {
        let fixture = try await AccessFixture()
        await #expect(throws: TrackerError(.invalid, "roles", key: "role", problems.map { "role: \($0)" })) {
            try await fixture.addRole("role", claim)
        }
    }

    @Test(arguments: [
        Claim("*", "*", "*"), Claim("*", "getSecure", "*"), Claim("machines", "update:/Params/a~1b", "x"),
        Claim("machines", "action:anything", ""), Claim("machines,tasks", "get, list", "a,b"), Claim("info", "*", ""),
    ])
    func `a claim to what exists is accepted`(claim: Claim) {
        #expect(claim.problems(in: AccessFixture.scopes) == [])
    }

    @Test func `a role in use stays, and the refusal names its users`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addRole("readers", Claim("*", "get", "*"))
        try await fixture.addUser("tim", roles: ["readers"])
        try await fixture.addUser("bob", roles: ["superuser", "readers"])
        let messages = ["In use by User bob", "In use by User tim"]
        await #expect(throws: TrackerError(.stillInUse, "roles", key: "readers", messages)) {
            try await fixture.commit { draft throws(TrackerError) in _ = try draft.remove("roles", at: "readers") }
        }
    }

    @Test func `a role that nobody has can be removed`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addRole("readers", Claim("*", "get", "*"))
        try await fixture.addUser("tim", roles: ["readers"])
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.remove("users", at: "tim")
            _ = try draft.remove("roles", at: "Name:readers")
        }
        #expect(!fixture.snapshot.contains("roles", "readers"))
    }

    @Test func `a role that does not exist grants nothing`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("tim", roles: ["nothing"])
        let principal = try await fixture.login("tim")
        #expect(!principal.claims.satisfies([Claim("machines", "list")]))
        #expect(principal.claims.satisfies([Claim("users", "password", "tim")]))
    }

    @Test(arguments: ["x", "1role", "a/b"])
    func `names of roles follow the common rule`(name: String) async throws {
        let fixture = try await AccessFixture()
        await #expect(throws: TrackerError(.invalid, "roles", key: name, "\(name): Invalid Name `\(name)`")) {
            try await fixture.addRole(name)
        }
    }
}
