import JSON
import Testing
import Tracker

@testable import Access

struct TokenTests {
    private func order(_ user: String = "rob", for lifetime: Duration = .seconds(600), by grantor: String = "")
        -> TokenOrder
    {
        TokenOrder(.user(user), grantor: grantor, lifetime: lifetime)
    }

    @Test func `a token carries what its user may do`() async throws {
        let house = try await House()
        try await house.addRole("readers", Claim("machines", "get", "*"))
        try await house.addUser("rob", roles: ["readers"])
        let principal = try house.bearer(house.token(order()))
        #expect(principal.displayed == "user:rob")
        #expect(!principal.isSuperuser)
        #expect(principal.claims.satisfies([Claim("machines", "get", "x")]))
        #expect(!principal.claims.satisfies([Claim("machines", "delete", "x")]))
        #expect(principal.claims.satisfies([Claim("users", "password", "rob")]))
    }

    @Test func `a token ends when its time is over, to the second`() async throws {
        let house = try await House()
        try await house.addUser("rob")
        let token = try house.token(order(for: .seconds(60)))
        for _ in 0..<2 {
            house.clock.advance(by: .milliseconds(29_900))
            #expect(try house.bearer(token).name == "rob")
        }
        house.clock.advance(by: .milliseconds(200))
        for _ in 0..<2 { #expect(throws: AccessError.expired) { try house.bearer(token) } }
    }

    @Test(arguments: ["user secret", "grantor secret", "base secret", "system secret", "password", "user", "grantor"])
    func `a token is void once a secret behind it changes`(what: String) async throws {
        let house = try await House()
        try await house.addUser("rob")
        try await house.addUser("tim")
        let token = try house.token(order(by: "tim"))
        let others = try house.token(order("tim"))
        #expect(try house.bearer(token).name == "rob")
        try await house.commit { draft throws(TrackerError) in try Self.change(what, in: &draft) }
        for _ in 0..<2 { #expect(throws: AccessError.badToken) { try house.bearer(token) } }
        let concernsAll = what == "base secret" || what == "system secret"
        if !concernsAll && !what.hasPrefix("grantor") { #expect(try house.bearer(others).name == "tim") }
    }

    @Test func `a token that was never seen before is void as well`() async throws {
        let house = try await House()
        try await house.addUser("rob")
        let token = try house.token(order())
        try await house.commit { draft throws(TrackerError) in try Self.change("user secret", in: &draft) }
        #expect(throws: AccessError.badToken) { try house.bearer(token) }
    }

    @Test func `what does not concern a token leaves it`() async throws {
        let house = try await House()
        try await house.addUser("rob", roles: ["superuser"])
        let token = try house.token(order())
        #expect(try house.bearer(token).isSuperuser)
        try await house.addUser("tim")
        #expect(try house.bearer(token).isSuperuser)
    }

    @Test func `a role that changes counts from the next request on`() async throws {
        let house = try await House()
        try await house.addRole("readers", Claim("machines", "get", "*"))
        try await house.addUser("rob", roles: ["readers"])
        let token = try house.token(order())
        #expect(try !house.bearer(token).claims.satisfies([Claim("machines", "delete", "x")]))
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.replace(
                "roles", at: "readers", with: ["Name": "readers", "Claims": [Claim("machines", "delete", "*").value]])
        }
        #expect(try house.bearer(token).claims.satisfies([Claim("machines", "delete", "x")]))
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.revise("users", at: "rob") { $0["Roles"] = [] }
        }
        #expect(try !house.bearer(token).claims.satisfies([Claim("machines", "delete", "x")]))
    }

    @Test func `an old snapshot is answered as of its own time`() async throws {
        let house = try await House()
        try await house.addUser("rob", roles: ["superuser"])
        let token = try house.token(order())
        let before = house.snapshot
        #expect(try house.bearer(token).isSuperuser)
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.revise("users", at: "rob") { $0["Roles"] = [] }
        }
        for _ in 0..<3 {
            #expect(try !house.bearer(token).isSuperuser)
            #expect(try house.authenticator.principal(bearer: token, in: before).isSuperuser)
        }
    }

    @Test func `of the roles asked for only those are given that the user holds`() async throws {
        let house = try await House()
        try await house.addRole("all", Claim("machines,stages", "*", "*"))
        try await house.addRole("some", Claim("machines", "get,list", "*"))
        try await house.addRole("none", Claim("tasks", "get", "*"))
        try await house.addUser("rob", roles: ["all"])
        let own = try await house.login("rob")
        let token = try house.token(.user("rob", grantor: own, roles: "superuser, none ,some,missing"))
        let principal = try house.bearer(token)
        #expect(principal.roles == ["some"])
        #expect(principal.claims.satisfies([Claim("machines", "get", "x")]))
        #expect(!principal.claims.satisfies([Claim("machines", "delete", "x")]))
        #expect(!principal.claims.satisfies([Claim("users", "password", "rob")]))
    }

    @Test func `a role that the user loses is lost to the token too`() async throws {
        let house = try await House()
        try await house.addRole("some", Claim("machines", "get,list", "*"))
        try await house.addUser("rob", roles: ["superuser"])
        let own = try await house.login("rob")
        let token = try house.token(.user("rob", grantor: own, roles: "some"))
        #expect(try house.bearer(token).claims.satisfies([Claim("machines", "get", "x")]))
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.revise("users", at: "rob") { $0["Roles"] = [] }
        }
        #expect(try !house.bearer(token).claims.satisfies([Claim("machines", "get", "x")]))
    }

    @Test func `a restriction holds whatever the roles say`() async throws {
        let house = try await House()
        let own = try await house.login(DefaultUser.name, DefaultUser.password)
        let token = try house.token(.user(DefaultUser.name, grantor: own, scope: "machines", action: "get"))
        let principal = try house.bearer(token)
        #expect(!principal.isSuperuser)
        #expect(principal.claims.satisfies([Claim("machines", "get", "x")]))
        #expect(!principal.claims.satisfies([Claim("machines", "list")]))
        #expect(!principal.claims.satisfies([Claim("users", "token", DefaultUser.name)]))
    }

    @Test func `who is narrowed cannot get a wider token`() async throws {
        let house = try await House()
        try await house.addRole("some", Claim("machines", "get", "*"))
        try await house.addUser("rob", roles: ["superuser"])
        let own = try await house.login("rob")
        let narrow = try house.bearer(house.token(.user("rob", grantor: own, roles: "some")))
        for roles in [nil, "", "superuser", "superuser,some"] {
            let principal = try house.bearer(house.token(.user("rob", grantor: narrow, roles: roles)))
            #expect(!principal.isSuperuser)
            #expect(!principal.claims.satisfies([Claim("machines", "delete", "x")]))
        }
        let restricted = try house.bearer(
            house.token(.user("rob", grantor: own, scope: "users", action: "token,get")))
        for name in ["rob", DefaultUser.name] {
            let principal = try house.bearer(house.token(.user(name, grantor: restricted)))
            #expect(principal.claims.satisfies([Claim("users", "get", "x")]))
            #expect(!principal.claims.satisfies([Claim("machines", "get", "x")]))
        }
    }

    @Test func `a machine's token is good for the machine and ends with its secret`() async throws {
        let house = try await House()
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.found("machines", ["Uuid": .string(House.machine), "Secret": "m"])
        }
        let admin = try await house.login(DefaultUser.name, DefaultUser.password)
        let token = try house.token(.machine(House.machine, address: "C0A86464", grantor: admin, ttl: "3y"))
        let principal = try house.bearer(token)
        #expect(principal.machine == House.machine)
        #expect(principal.displayed == "runner:\(House.machine)")
        #expect(principal.claims.satisfies([Claim("machines", "update:/Runnable", House.machine)]))
        #expect(principal.claims.satisfies([Claim("jobs", "log", House.machine)]))
        #expect(principal.claims.satisfies([Claim("reservations", "update:/Duration", "C0A86464")]))
        #expect(!principal.claims.satisfies([Claim("machines", "get", "another")]))
        #expect(!principal.claims.satisfies([Claim("machines", "delete", House.machine)]))
        #expect(!principal.claims.satisfies([Claim("users", "get", DefaultUser.name)]))
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.revise("machines", at: House.machine) { $0["Name"] = "renamed" }
        }
        #expect(try house.bearer(token).machine == House.machine)
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.revise("machines", at: House.machine) { $0["Secret"] = "other" }
        }
        #expect(throws: AccessError.badToken) { try house.bearer(token) }
    }

    @Test func `what the server itself issues has the rights and roles it is given`() async throws {
        let house = try await House()
        try await house.addRole("some", Claim("tasks", "get", "*"))
        let discovery = try house.bearer(
            house.token(TokenOrder(.service("discovery"), lifetime: .seconds(60), claims: MachineClaims.discovery)))
        #expect(discovery.claims.satisfies([Claim("machines", "create", "x")]))
        #expect(!discovery.claims.satisfies([Claim("machines", "delete", "x")]))
        let extra = try house.bearer(
            house.token(TokenOrder(.service("plugin"), lifetime: .seconds(60), roles: ["some"])))
        #expect(extra.claims.satisfies([Claim("tasks", "get", "x")]))
        #expect(extra.displayed == "plugin")
    }

    @Test func `tokens of those who do not exist are not made`() async throws {
        let house = try await House()
        for order in [
            order("jack"), order("rocketskates", by: "jack"), TokenOrder(.machine("x"), lifetime: .seconds(1)),
        ] {
            #expect(throws: AccessError(.notFound, ["Not Found"])) { try house.token(order) }
        }
    }

    @Test func `a server without secrets makes no tokens and takes none`() async throws {
        let house = try await House()
        let token = try house.token(order(DefaultUser.name))
        #expect(try house.bearer(token).isSuperuser)
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.remove("preferences", at: "baseTokenSecret")
        }
        #expect(throws: AccessError.notSetUp) { try house.token(order(DefaultUser.name)) }
        #expect(throws: AccessError.badToken) { try house.bearer(token) }
    }

    private static func change(_ what: String, in draft: inout Draft) throws(TrackerError) {
        switch what {
        case "user secret": try draft.revise("users", at: "rob") { $0["Secret"] = "new" }
        case "grantor secret": try draft.revise("users", at: "tim") { $0["Secret"] = "new" }
        case "base secret": try draft.revise("preferences", at: "baseTokenSecret") { $0["Val"] = "new" }
        case "system secret": try draft.revise("preferences", at: "systemGrantorSecret") { $0["Val"] = "new" }
        case "password": try draft.setPassword(of: "rob", to: House.defaultHash)
        case "user": try draft.remove("users", at: "rob")
        default: try draft.remove("users", at: "tim")
        }
    }
}
