import Access
import Basics
import JSON
import Provisioning
import Testing
import Tracker

struct ScopesTests {
    private let scopes = Scopes(
        .provisioning, prefixes: ["machines", "jobs", "stages", "params", "preferences"], sealable: ["kk"])

    @Test(arguments: [
        ("params", "action actions create delete get list update"),
        ("jobs", "action actions create delete get list log update"),
        ("users", "action actions create delete get list password token update"),
        ("roles", "action actions create delete get grant list update"),
        ("stages", "action actions create delete get getSecure list update updateSecure"),
        ("kk", "action actions create delete get getSecure list update updateSecure"),
        (
            "machines",
            "action actions create delete get getSecure list token update updateSecure updateTaskList whoami"
        ),
        ("preferences", "list post"),
        ("contents", "create delete get list update"),
        ("files", "delete get list post"),
        ("isos", "delete get list post"),
        ("info", "get"),
        ("system", "action actions active backup passive replicate upgrade"),
        ("objects", "list"),
        ("interfaces", "action actions create delete get list update"),
        ("plugin_providers", "action actions create delete get list update"),
    ])
    func `each scope has its actions`(scope: String, actions: String) {
        #expect(scopes.actions(of: scope)?.sorted().map(\.text).joined(separator: " ") == actions)
    }

    @Test func `types of ours can be claimed, and stand in no table that clients read`() {
        let scopes = Scopes(.provisioning, prefixes: ["machines", "schedules"], unpublished: ["schedules"])
        #expect(scopes.actions(of: "schedules")?.contains("get") == true && scopes.isObjectType("schedules"))
        #expect(scopes.value["schedules"] == nil && scopes.value["machines"] != nil)
    }

    @Test(arguments: ["events", "prefs", "", "*", "subnets"])
    func `other names are no scopes`(name: String) {
        #expect(scopes.actions(of: name) == nil)
        #expect(!scopes.isObjectType(name))
    }

    @Test func `only object types can be listed by tenants`() {
        #expect(["machines", "users", "kk", "interfaces"].allSatisfy(scopes.isObjectType))
        #expect(!["files", "info", "contents", "system", "objects"].contains(where: scopes.isObjectType))
    }

    @Test func `the table is served with an empty object for each action`() {
        #expect(scopes.value["info"] == ["get": [:]])
        #expect(scopes.value["preferences"] == ["list": [:], "post": [:]])
        #expect(scopes.value.objectValue?.keys == scopes.names)
    }

    @Test func `an action of ours can be claimed, and is not in the table`() {
        #expect(Claim("roles", "grant", "*").problems(in: scopes).isEmpty)
        #expect(scopes.value["roles"]?["grant"] == nil)
        #expect(scopes.value["roles"]?["update"] == [:])
    }

    @Test func `types with params can be sealed, but not endpoints`() {
        let record = ObjectSchema("Thing", [Field("Id", .string)])
        let sealable: ObjectType.Traits = [.writable, .parameters]
        let scopes = Scopes(
            .provisioning,
            [
                Domain(
                    "things", typePrefix: nil,
                    types: [
                        ObjectType("endpoints", record, key: .text("Id"), traits: sealable, conventions: .provisioning),
                        ObjectType("profiles", record, key: .text("Id"), traits: sealable, conventions: .provisioning),
                        ObjectType("things", record, key: .text("Id"), traits: sealable, conventions: .provisioning),
                        ObjectType("tasks", record, key: .text("Id"), conventions: .provisioning),
                    ])
            ])
        let sealed = scopes.names.filter { scopes.actions(of: $0)?.contains("getSecure") == true }
        #expect(sealed == ["profiles", "things"])
    }

    @Test func `types of a domain with a prefix can be claimed and listed by tenants, and are not in the table`() {
        let hosts = ObjectType(
            "fleet_hosts", ObjectSchema("Host", [Field("Id", .string)]), key: .text("Id"), conventions: Conventions())
        let scopes = Scopes(.provisioning, [Domain("fleet", typePrefix: "fleet_", types: [hosts])])
        #expect(Claim("fleet_hosts", "get,update:/Name", "*").problems(in: scopes).isEmpty)
        #expect(
            ClaimSet([[Claim("fleet_hosts", "get", "*")]], scopes: scopes).satisfies([Claim("fleet_hosts", "get", "a")])
        )
        #expect(scopes.isObjectType("fleet_hosts"))
        #expect(scopes.value["fleet_hosts"] == nil)
        #expect(scopes.value["users"] != nil)
    }

    @Test func `scopes that come count for who is known already, from the next request on`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addRole("anything", Claim("*", "get", "*"))
        try await fixture.addUser("ann", roles: ["anything"])
        let wanted = [Claim("cows", "get", "bessie")]
        #expect(try await !fixture.login("ann").claims.satisfies(wanted))
        fixture.authenticator.adopt(Scopes(.provisioning, prefixes: ["machines", "cows"]))
        #expect(try await fixture.login("ann").claims.satisfies(wanted))
        #expect(fixture.authenticator.scopes.isObjectType("cows"))
    }
}
