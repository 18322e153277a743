import BasicsTesting
import JSON
import Provisioning
import Testing
import Tracker

@testable import Access

struct TokenTests {
    private func order(_ user: String = "rob", for lifetime: Duration = .seconds(600), by grantor: String = "")
        -> TokenRequest
    {
        TokenRequest(.user(user), grantor: grantor, lifetime: lifetime)
    }

    @Test func `a token carries what its user may do`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addRole("readers", Claim("machines", "get", "*"))
        try await fixture.addUser("rob", roles: ["readers"])
        let principal = try fixture.bearer(fixture.token(order()))
        #expect(principal.displayed == "user:rob")
        #expect(!principal.isSuperuser)
        #expect(principal.claims.satisfies([Claim("machines", "get", "x")]))
        #expect(!principal.claims.satisfies([Claim("machines", "delete", "x")]))
        #expect(principal.claims.satisfies([Claim("users", "password", "rob")]))
    }

    @Test func `a token ends when its time is over, to the second`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob")
        let token = try fixture.token(order(for: .seconds(60)))
        for _ in 0..<2 {
            fixture.clock.advance(by: .milliseconds(29_900))
            #expect(try fixture.bearer(token).name == "rob")
        }
        fixture.clock.advance(by: .milliseconds(200))
        for _ in 0..<2 { #expect(throws: AccessError.expired) { try fixture.bearer(token) } }
    }

    @Test(arguments: ["user secret", "grantor secret", "base secret", "system secret", "password", "user", "grantor"])
    func `a token is void once a secret behind it changes`(what: String) async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob")
        try await fixture.addUser("tim")
        let token = try fixture.token(order(by: "tim"))
        let others = try fixture.token(order("tim"))
        #expect(try fixture.bearer(token).name == "rob")
        try await fixture.commit { draft throws(TrackerError) in try Self.change(what, in: &draft) }
        for _ in 0..<2 { #expect(throws: AccessError.badToken) { try fixture.bearer(token) } }
        let concernsAll = what == "base secret" || what == "system secret"
        if !concernsAll && !what.hasPrefix("grantor") { #expect(try fixture.bearer(others).name == "tim") }
    }

    @Test func `a token that was never seen before is void as well`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob")
        let token = try fixture.token(order())
        try await fixture.commit { draft throws(TrackerError) in try Self.change("user secret", in: &draft) }
        #expect(throws: AccessError.badToken) { try fixture.bearer(token) }
    }

    @Test func `what does not concern a token leaves it`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob", roles: ["superuser"])
        let token = try fixture.token(order())
        #expect(try fixture.bearer(token).isSuperuser)
        try await fixture.addUser("tim")
        #expect(try fixture.bearer(token).isSuperuser)
    }

    @Test func `a role that changes counts from the next request on`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addRole("readers", Claim("machines", "get", "*"))
        try await fixture.addUser("rob", roles: ["readers"])
        let token = try fixture.token(order())
        #expect(try !fixture.bearer(token).claims.satisfies([Claim("machines", "delete", "x")]))
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.replace(
                "roles", at: "readers", with: ["Name": "readers", "Claims": [Claim("machines", "delete", "*").value]])
        }
        #expect(try fixture.bearer(token).claims.satisfies([Claim("machines", "delete", "x")]))
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.update("users", at: "rob") { $0["Roles"] = [] }
        }
        #expect(try !fixture.bearer(token).claims.satisfies([Claim("machines", "delete", "x")]))
    }

    @Test func `an old snapshot is answered as of its own time`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob", roles: ["superuser"])
        let token = try fixture.token(order())
        let before = fixture.snapshot
        #expect(try fixture.bearer(token).isSuperuser)
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.update("users", at: "rob") { $0["Roles"] = [] }
        }
        for _ in 0..<3 {
            #expect(try !fixture.bearer(token).isSuperuser)
            #expect(try fixture.authenticator.principal(bearer: token, in: before).isSuperuser)
        }
    }

    @Test func `of the roles asked for only those are given that the user holds`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addRole("all", Claim("machines,stages", "*", "*"))
        try await fixture.addRole("some", Claim("machines", "get,list", "*"))
        try await fixture.addRole("none", Claim("tasks", "get", "*"))
        try await fixture.addUser("rob", roles: ["all"])
        let own = try await fixture.login("rob")
        let token = try fixture.token(.user("rob", grantor: own, roles: "superuser, none ,some,missing"))
        let principal = try fixture.bearer(token)
        #expect(principal.roles == ["some"])
        #expect(principal.claims.satisfies([Claim("machines", "get", "x")]))
        #expect(!principal.claims.satisfies([Claim("machines", "delete", "x")]))
        #expect(!principal.claims.satisfies([Claim("users", "password", "rob")]))
    }

    @Test func `a role that the user loses is lost to the token too`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addRole("some", Claim("machines", "get,list", "*"))
        try await fixture.addUser("rob", roles: ["superuser"])
        let own = try await fixture.login("rob")
        let token = try fixture.token(.user("rob", grantor: own, roles: "some"))
        #expect(try fixture.bearer(token).claims.satisfies([Claim("machines", "get", "x")]))
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.update("users", at: "rob") { $0["Roles"] = [] }
        }
        #expect(try !fixture.bearer(token).claims.satisfies([Claim("machines", "get", "x")]))
    }

    @Test func `a restriction holds whatever the roles say`() async throws {
        let fixture = try await AccessFixture()
        let own = try await fixture.login(DefaultUser.name, DefaultUser.password)
        let token = try fixture.token(.user(DefaultUser.name, grantor: own, scope: "machines", action: "get"))
        let principal = try fixture.bearer(token)
        #expect(!principal.isSuperuser)
        #expect(principal.claims.satisfies([Claim("machines", "get", "x")]))
        #expect(!principal.claims.satisfies([Claim("machines", "list")]))
        #expect(!principal.claims.satisfies([Claim("users", "token", DefaultUser.name)]))
    }

    @Test func `who is narrowed cannot get a wider token`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addRole("some", Claim("machines", "get", "*"))
        try await fixture.addUser("rob", roles: ["superuser"])
        let own = try await fixture.login("rob")
        let narrow = try fixture.bearer(fixture.token(.user("rob", grantor: own, roles: "some")))
        for roles in [nil, "", "superuser", "superuser,some"] {
            let principal = try fixture.bearer(fixture.token(.user("rob", grantor: narrow, roles: roles)))
            #expect(!principal.isSuperuser)
            #expect(!principal.claims.satisfies([Claim("machines", "delete", "x")]))
        }
        let restricted = try fixture.bearer(
            fixture.token(.user("rob", grantor: own, scope: "users", action: "token,get")))
        for name in ["rob", DefaultUser.name] {
            let principal = try fixture.bearer(fixture.token(.user(name, grantor: restricted)))
            #expect(principal.claims.satisfies([Claim("users", "get", "x")]))
            #expect(!principal.claims.satisfies([Claim("machines", "get", "x")]))
        }
    }

    @Test func `a machine's token is good for the machine and ends with its secret`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.createAsServer("machines", ["Uuid": .string(AccessFixture.machine), "Secret": "m"])
        }
        let admin = try await fixture.login(DefaultUser.name, DefaultUser.password)
        let token = try fixture.token(.machine(AccessFixture.machine, address: "C0A86464", grantor: admin, ttl: "3y"))
        let principal = try fixture.bearer(token)
        #expect(principal.machine == AccessFixture.machine)
        #expect(principal.displayed == "runner:\(AccessFixture.machine)")
        #expect(principal.claims.satisfies([Claim("machines", "update:/Runnable", AccessFixture.machine)]))
        #expect(principal.claims.satisfies([Claim("jobs", "log", AccessFixture.machine)]))
        #expect(principal.claims.satisfies([Claim("reservations", "update:/Duration", "C0A86464")]))
        #expect(!principal.claims.satisfies([Claim("machines", "get", "another")]))
        #expect(!principal.claims.satisfies([Claim("machines", "delete", AccessFixture.machine)]))
        #expect(!principal.claims.satisfies([Claim("users", "get", DefaultUser.name)]))
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.update("machines", at: AccessFixture.machine) { $0["Name"] = "renamed" }
        }
        // It is remembered as it was found, and not looked at anew with every job of its machine.
        #expect(try fixture.bearer(token) === principal)
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.update("machines", at: AccessFixture.machine) { $0["Secret"] = "other" }
        }
        #expect(throws: AccessError.badToken) { try fixture.bearer(token) }
    }

    @Test func `what the server itself issues has the rights and roles it is given`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addRole("some", Claim("tasks", "get", "*"))
        let discovery = try fixture.bearer(
            fixture.token(TokenRequest(.service("discovery"), lifetime: .seconds(60), claims: MachineClaims.discovery)))
        #expect(discovery.claims.satisfies([Claim("machines", "create", "x")]))
        #expect(!discovery.claims.satisfies([Claim("machines", "delete", "x")]))
        let extra = try fixture.bearer(
            fixture.token(TokenRequest(.service("plugin"), lifetime: .seconds(60), roles: ["some"])))
        #expect(extra.claims.satisfies([Claim("tasks", "get", "x")]))
        #expect(extra.displayed == "plugin")
    }

    @Test func `tokens of those who do not exist are not made`() async throws {
        let fixture = try await AccessFixture()
        for order in [
            order("jack"), order("rocketskates", by: "jack"), TokenRequest(.machine("x"), lifetime: .seconds(1)),
        ] {
            #expect(throws: AccessError(.notFound, ["Not Found"])) { try fixture.token(order) }
        }
    }

    @Test func `a server without secrets makes no tokens and takes none`() async throws {
        let fixture = try await AccessFixture()
        let token = try fixture.token(order(DefaultUser.name))
        #expect(try fixture.bearer(token).isSuperuser)
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.remove("preferences", at: "baseTokenSecret")
        }
        #expect(throws: AccessError.notSetUp(AccessModel.provisioning.settings)) {
            try fixture.token(order(DefaultUser.name))
        }
        #expect(throws: AccessError.badToken) { try fixture.bearer(token) }
    }

    private static func change(_ what: String, in draft: inout Draft) throws(TrackerError) {
        switch what {
        case "user secret": try draft.update("users", at: "rob") { $0["Secret"] = "new" }
        case "grantor secret": try draft.update("users", at: "tim") { $0["Secret"] = "new" }
        case "base secret": try draft.update("preferences", at: "baseTokenSecret") { $0["Val"] = "new" }
        case "system secret": try draft.update("preferences", at: "systemGrantorSecret") { $0["Val"] = "new" }
        case "password": try draft.setPassword(of: "rob", to: AccessFixture.defaultHash)
        case "user": try draft.remove("users", at: "rob")
        default: try draft.remove("users", at: "tim")
        }
    }
}
