import Basics
import JSON
import Provisioning
import StoreTesting
import Testing
import Tracker

@testable import Access

/// Names that differ only in normalization or case are two names to everything that decides about rights.
@Suite struct TwinTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `of two users who are twins each has their own password, rights and tokens`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let twins = Twins(&generator)
        let fixture = try await AccessFixture()
        try await fixture.addUser(twins.one, password: "one", roles: ["superuser"])
        try await fixture.addUser(twins.other, password: "other")
        for _ in 0..<2 {
            #expect(try await fixture.login(twins.one, "one").isSuperuser, "seed \(seed): \(twins)")
            #expect(try await !fixture.login(twins.other, "other").isSuperuser, "seed \(seed): \(twins)")
            #expect(try fixture.authenticator.principal(certified: twins.one, in: fixture.snapshot).isSuperuser)
            #expect(try !fixture.authenticator.principal(certified: twins.other, in: fixture.snapshot).isSuperuser)
        }
        await #expect(throws: AccessError.badCredentials) { try await fixture.login(twins.other, "one") }
        let tokens = try [twins.one, twins.other].map { name in
            try fixture.token(TokenRequest(.user(name), grantor: name, lifetime: .seconds(60)))
        }
        for _ in 0..<2 {
            #expect(try tokens.map { try fixture.bearer($0).isSuperuser } == [true, false], "seed \(seed): \(twins)")
        }
        #expect(Principal.Subject.user(twins.one) != .user(twins.other))
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `a claim is about one of two twins only`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let twins = Twins(&generator)
        let claims = ClaimSet(
            [[Claim("machines", "get,update:/\(twins.one)", "a,\(twins.one)")]], scopes: AccessFixture.scopes)
        for action in ["get", "update:/\(twins.one)"] {
            #expect(claims.satisfies([Claim("machines", action, twins.one)]), "seed \(seed): \(twins)")
            #expect(!claims.satisfies([Claim("machines", action, twins.other)]), "seed \(seed): \(twins)")
        }
        #expect(!claims.satisfies([Claim("machines", "update:/\(twins.other)", twins.one)]), "seed \(seed): \(twins)")
        #expect(Claim("machines", "get", twins.one) != Claim("machines", "get", twins.other))
        let scopes = Scopes(.provisioning, prefixes: [TypeName(twins.one)])
        #expect(scopes.actions(of: twins.one) != nil && scopes.actions(of: twins.other) == nil)
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `a tenant shows one of two twins, and to one of two`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let (users, stages) = (Twins(&generator), Twins(&generator))
        let fixture = try await AccessFixture()
        for user in [users.one, users.other] { try await fixture.addUser(user) }
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.create(
                "tenants",
                ["Name": "north", "Users": [.string(users.one)], "Members": ["stages": [.string(stages.one)]]])
        }
        let member = try await fixture.login(users.one)
        #expect(member.tenant == "north")
        #expect(try await fixture.login(users.other).tenant == nil, "seed \(seed): \(users)")
        let tenantFilter = TenantFilter(member, fixture.snapshot)
        #expect(
            tenantFilter.sees("stages", stages.one) && !tenantFilter.sees("stages", stages.other),
            "seed \(seed): \(stages)"
        )
        // Whichever is created becomes a member; whichever goes, the other stays one.
        try await fixture.commit(as: "user:\(users.one)") { draft throws(TrackerError) in
            for stage in [stages.one, stages.other] { _ = try draft.create("stages", ["Name": .string(stage)]) }
        }
        try await fixture.commit { draft throws(TrackerError) in _ = try draft.remove("stages", at: stages.one) }
        let members = fixture.snapshot.object("tenants", "north")?.document.member(at: ["Members", "stages"])?.value()
        #expect(members == [.string(stages.other)], "seed \(seed): \(stages)")
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `a token is narrowed to one of two roles that are twins`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let twins = Twins(&generator)
        let fixture = try await AccessFixture()
        try await fixture.addRole(twins.one, Claim("stages", "get", "*"))
        try await fixture.addRole(twins.other, Claim("tasks", "get", "*"))
        try await fixture.addUser("rob", roles: [twins.one])
        let rob = try await fixture.login("rob")
        let order = try TokenRequest.user("rob", grantor: rob, roles: "\(twins.other),\(twins.one)")
        let narrowed = try fixture.bearer(try fixture.token(order))
        #expect(narrowed.roles == [twins.one])
        #expect(narrowed.roles?.contains(bytesOf: twins.other) == false, "seed \(seed): \(twins)")
        #expect(narrowed.claims.satisfies([Claim("stages", "get", "s1")]))
        #expect(!narrowed.claims.satisfies([Claim("tasks", "get", "t1")]), "seed \(seed): \(twins)")
        var search = RightsSearch([Claim("tasks", "get", "t1")], scopes: AccessFixture.scopes, in: fixture.snapshot)
        try await fixture.addUser("tim", roles: [twins.other])
        search = RightsSearch([Claim("tasks", "get", "t1")], scopes: AccessFixture.scopes, in: fixture.snapshot)
        #expect(
            search.verdict(on: "rob")?.granted == nil && search.verdict(on: "tim")?.granted != nil,
            "seed \(seed): \(twins)")
    }

    @Test func `a subject is told apart from another by bytes, also where a mark follows the colon`() {
        #expect(Principal.Subject("user:\u{301}rob") == .user("\u{301}rob"))
        #expect(Principal.Subject("user:rob") == .user("rob"))
        #expect(Principal.Subject("runner:\u{301}x") == .machine("\u{301}x"))
    }
}
