import JSON
import Testing
import Tracker

@testable import Access

struct TenantTests {
    private func put(_ tenant: JSONObject, in house: House) async throws(TrackerError) {
        try await house.commit { draft throws(TrackerError) in _ = try draft.create("tenants", tenant) }
    }

    @Test func `members of what is no object type are refused`() async throws {
        let house = try await House()
        let tenant: JSONObject = ["Name": "north", "Members": ["machines": [], "files": ["a"], "rooms": []]]
        let messages = ["north: Invalid files", "north: Invalid rooms"]
        await #expect(throws: TrackerError(.invalid, "tenants", key: "north", messages)) {
            try await put(tenant, in: house)
        }
    }

    @Test func `a user belongs to at most one tenant`() async throws {
        let house = try await House()
        try await put(["Name": "north", "Users": ["rob", "tim"]], in: house)
        let message = "south: User rob is already in tenant north"
        await #expect(throws: TrackerError(.invalid, "tenants", key: "south", message)) {
            try await put(["Name": "south", "Users": ["bob", "rob"]], in: house)
        }
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.replace("tenants", at: "north", with: ["Name": "north", "Users": ["rob"]])
        }
    }

    @Test func `a tenant with users stays`() async throws {
        let house = try await House()
        try await put(["Name": "north", "Users": ["b1", "a1"]], in: house)
        let refusal = TrackerError(.stillInUse, "tenants", key: "north", "Constraining Users: [b1 a1]")
        await #expect(throws: refusal) {
            try await house.commit { draft throws(TrackerError) in _ = try draft.remove("tenants", at: "north") }
        }
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.replace("tenants", at: "north", with: ["Name": "north"])
            _ = try draft.remove("tenants", at: "north")
        }
        #expect(!house.snapshot.contains("tenants", "north"))
    }

    @Test func `a user of a tenant sees of the listed types the listed objects only`() async throws {
        let house = try await House()
        try await house.addUser("rob")
        try await put(
            ["Name": "north", "Users": ["rob"], "Members": ["stages": ["s1", "s3"], "machines": []]], in: house)
        let principal = try await house.login("rob")
        #expect(principal.tenant == "north")
        let visibility = Visibility(principal, house.snapshot)
        #expect(!visibility.isUnrestricted)
        #expect(visibility.sees("stages", "s1"))
        #expect(!visibility.sees("stages", "s2"))
        #expect(!visibility.sees("machines", House.machine))
        #expect(visibility.sees("profiles", "anything"))
        #expect(visibility.seesAll("profiles"))
        #expect(!visibility.seesAll("machines"))
    }

    @Test func `who is in no tenant sees everything`() async throws {
        let house = try await House()
        try await put(["Name": "north", "Users": ["rob"], "Members": ["stages": []]], in: house)
        let principal = try await house.login(DefaultUser.name, DefaultUser.password)
        #expect(principal.tenant == nil)
        #expect(Visibility(principal, house.snapshot).isUnrestricted)
    }

    @Test func `a tenant counts from the next request on, for tokens too`() async throws {
        let house = try await House()
        try await house.addUser("rob", roles: ["superuser"])
        let token = try house.token(TokenOrder(.user("rob"), lifetime: .seconds(60)))
        #expect(try house.bearer(token).tenant == nil)
        try await put(["Name": "north", "Users": ["rob"], "Members": ["stages": []]], in: house)
        #expect(try house.bearer(token).tenant == "north")
        #expect(try house.bearer(token).isSuperuser)
    }
}
