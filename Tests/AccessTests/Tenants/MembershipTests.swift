import JSON
import Provisioning
import Testing
import Tracker

@testable import Access

struct MembershipTests {
    /// A fixture with the tenant `north` of rob and tim, which lists stages, and the tenant `south` without users.
    private func fixture() async throws -> AccessFixture {
        let fixture = try await AccessFixture()
        try await fixture.commit { draft throws(TrackerError) in
            for name in ["s1", "s2", "s3"] { _ = try draft.create("stages", ["Name": .string(name)]) }
            let members: JSONValue = ["stages": ["s1", "s3"]]
            _ = try draft.create("tenants", ["Name": "north", "Users": ["rob", "tim"], "Members": members])
            _ = try draft.create("tenants", ["Name": "south", "Members": ["stages": ["s3"]]])
        }
        return fixture
    }

    private func members(_ tenant: String, in fixture: AccessFixture) -> JSONValue? {
        fixture.snapshot.object("tenants", tenant)?.document.member("Members")?.value()
    }

    private func create(_ typeName: TypeName, _ object: JSONObject, as user: String, in fixture: AccessFixture)
        async throws
    {
        try await fixture.commit(as: user) { draft throws(TrackerError) in _ = try draft.create(typeName, object) }
    }

    @Test func `what is deleted is no member of any tenant any more, and what is created is one of its creator's`()
        async throws
    {
        let fixture = try await fixture()
        try await fixture.commit(as: "user:rob") { draft throws(TrackerError) in
            _ = try draft.remove("stages", at: "s3")
        }
        #expect(members("north", in: fixture) == ["stages": ["s1"]])
        #expect(members("south", in: fixture) == ["stages": []])
        try await create("stages", ["Name": "s3"], as: "user:rob", in: fixture)
        #expect(members("north", in: fixture) == ["stages": ["s1", "s3"]])
        #expect(members("south", in: fixture) == ["stages": []])
    }

    @Test func `a deleted user is in no tenant any more, nor is whoever comes later under the name`() async throws {
        let fixture = try await fixture()
        func users() -> JSONValue? { fixture.snapshot.object("tenants", "north")?.document.member("Users")?.value() }
        try await create("users", ["Name": "tim"], as: "user:bob", in: fixture)
        try await fixture.commit { draft throws(TrackerError) in _ = try draft.remove("users", at: "tim") }
        #expect(users() == ["rob"])
        try await create("users", ["Name": "tim"], as: "user:bob", in: fixture)
        #expect(users() == ["rob"])
        #expect(members("north", in: fixture) == ["stages": ["s1", "s3"]])
    }

    @Test func `types that the tenant does not list stay unrestricted`() async throws {
        let fixture = try await fixture()
        try await create("machines", ["Uuid": .string(AccessFixture.machine)], as: "user:rob", in: fixture)
        #expect(members("north", in: fixture) == ["stages": ["s1", "s3"]])
    }

    @Test(arguments: ["user:bob", "system", "runner:rob", "rob"])
    func `what others create is no member`(principal: String) async throws {
        let fixture = try await fixture()
        try await create("stages", ["Name": "s4"], as: principal, in: fixture)
        #expect(members("north", in: fixture) == ["stages": ["s1", "s3"]])
    }

    @Test func `a change is neither creation nor deletion`() async throws {
        let fixture = try await fixture()
        try await fixture.commit(as: "user:rob") { draft throws(TrackerError) in
            _ = try draft.update("stages", at: "s2") { $0["Description"] = "changed" }
        }
        #expect(members("north", in: fixture) == ["stages": ["s1", "s3"]])
    }

    @Test func `tenants follow in the same revision`() async throws {
        let fixture = try await fixture()
        let request = TrackerRequest(id: "test", principal: "user:rob")
        let changes = try await fixture.tracker.commit(request) { draft throws(TrackerError) in
            _ = try draft.create("stages", ["Name": "s4"])
        }.changes
        #expect(changes.map { "\($0.id) \($0.action)" } == ["stages/s4 create", "tenants/north save"])
        #expect(members("north", in: fixture) == ["stages": ["s1", "s3", "s4"]])
    }

    @Test func `a tenant may list tenants, itself too`() async throws {
        let fixture = try await fixture()
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.update("tenants", at: "south") { $0["Members"] = ["tenants": ["south", "north"]] }
            _ = try draft.remove("tenants", at: "south")
        }
        #expect(!fixture.snapshot.contains("tenants", "south"))
    }

    @Test func `the type's own rules still hold`() async throws {
        let fixture = try await fixture()
        let refusal = TrackerError(.stillInUse, "roles", key: "superuser", "In use by User rocketskates")
        await #expect(throws: refusal) {
            try await fixture.commit { draft throws(TrackerError) in _ = try draft.remove("roles", at: "superuser") }
        }
        await #expect(throws: TrackerError(.invalid, "users", key: "1", "1: Invalid Name `1`")) {
            try await create("users", ["Name": "1"], as: "user:rob", in: fixture)
        }
    }
}
