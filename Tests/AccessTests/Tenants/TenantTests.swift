import JSON
import Provisioning
import Testing
import Tracker

@testable import Access

struct TenantTests {
    private func put(_ tenant: JSONObject, in fixture: AccessFixture) async throws(TrackerError) {
        try await fixture.commit { draft throws(TrackerError) in _ = try draft.create("tenants", tenant) }
    }

    @Test func `members of what is no object type are refused`() async throws {
        let fixture = try await AccessFixture()
        let tenant: JSONObject = ["Name": "north", "Members": ["machines": [], "files": ["a"], "rooms": []]]
        let messages = ["north: Invalid files", "north: Invalid rooms"]
        await #expect(throws: TrackerError(.invalid, "tenants", key: "north", messages)) {
            try await put(tenant, in: fixture)
        }
    }

    @Test func `a user belongs to at most one tenant`() async throws {
        let fixture = try await AccessFixture()
        try await put(["Name": "north", "Users": ["rob", "tim"]], in: fixture)
        let message = "south: User rob is already in tenant north"
        await #expect(throws: TrackerError(.invalid, "tenants", key: "south", message)) {
            try await put(["Name": "south", "Users": ["bob", "rob"]], in: fixture)
        }
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.replace("tenants", at: "north", with: ["Name": "north", "Users": ["rob"]])
        }
    }

    @Test func `a tenant with users stays`() async throws {
        let fixture = try await AccessFixture()
        try await put(["Name": "north", "Users": ["b1", "a1"]], in: fixture)
        let refusal = TrackerError(.stillInUse, "tenants", key: "north", "Constraining Users: [b1 a1]")
        await #expect(throws: refusal) {
            try await fixture.commit { draft throws(TrackerError) in _ = try draft.remove("tenants", at: "north") }
        }
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.replace("tenants", at: "north", with: ["Name": "north"])
            _ = try draft.remove("tenants", at: "north")
        }
        #expect(!fixture.snapshot.contains("tenants", "north"))
    }

    @Test func `a user of a tenant sees of the listed types the listed objects only`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob")
        try await put(
            ["Name": "north", "Users": ["rob"], "Members": ["stages": ["s1", "s3"], "machines": []]], in: fixture)
        let principal = try await fixture.login("rob")
        #expect(principal.tenant == "north")
        let tenantFilter = TenantFilter(principal, fixture.snapshot)
        #expect(!tenantFilter.isUnrestricted)
        #expect(tenantFilter.sees("stages", "s1"))
        #expect(!tenantFilter.sees("stages", "s2"))
        #expect(!tenantFilter.sees("machines", AccessFixture.machine))
        #expect(tenantFilter.sees("profiles", "anything"))
        #expect(tenantFilter.seesAll("profiles"))
        #expect(!tenantFilter.seesAll("machines"))
    }

    @Test func `who is in no tenant sees everything`() async throws {
        let fixture = try await AccessFixture()
        try await put(["Name": "north", "Users": ["rob"], "Members": ["stages": []]], in: fixture)
        let principal = try await fixture.login(DefaultUser.name, DefaultUser.password)
        #expect(principal.tenant == nil)
        #expect(TenantFilter(principal, fixture.snapshot).isUnrestricted)
    }

    @Test func `a tenant counts from the next request on, for tokens too`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob", roles: ["superuser"])
        let token = try fixture.token(TokenRequest(.user("rob"), lifetime: .seconds(60)))
        #expect(try fixture.bearer(token).tenant == nil)
        try await put(["Name": "north", "Users": ["rob"], "Members": ["stages": []]], in: fixture)
        #expect(try fixture.bearer(token).tenant == "north")
        #expect(try fixture.bearer(token).isSuperuser)
    }
}
