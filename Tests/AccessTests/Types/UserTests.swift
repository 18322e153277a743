import JSON
import Provisioning
import Testing
import Tracker

@testable import Access

struct UserTests {
    @Test(arguments: ["ab", "rob@example.org", "Jörg", "rob-1", "a b"])
    func `names of users may hold at-signs and dots`(name: String) async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser(name)
        #expect(fixture.snapshot.contains("users", name))
    }

    @Test(arguments: ["a", "1rob", "rob/1", "rob:1", "@rob", "röb\n"])
    func `other names are refused in the words that clients know`(name: String) async throws {
        let fixture = try await AccessFixture()
        await #expect(throws: TrackerError(.invalid, "users", key: name, "\(name): Invalid Name `\(name)`")) {
            try await fixture.commit { draft throws(TrackerError) in
                _ = try draft.create("users", ["Name": .string(name)])
            }
        }
    }

    @Test func `a user without a secret gets a random one`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob")
        try await fixture.addUser("tim")
        let secrets = ["rob", "tim"].map { fixture.secret($0) }
        #expect(secrets[0].count == 16)
        #expect(secrets[0] != secrets[1])
    }

    @Test func `a secret that is given is kept`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.create("users", ["Name": "rob", "Secret": "mine"])
        }
        #expect(fixture.secret("rob") == "mine")
    }

    @Test func `a replacement without a secret leaves it`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob")
        let secret = fixture.secret("rob")
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.replace("users", at: "rob", with: ["Name": "rob", "Description": "A user"])
        }
        #expect(fixture.secret("rob") == secret)
    }

    @Test func `a replacement without a hash leaves the password`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob")
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.replace("users", at: "rob", with: ["Name": "rob"])
        }
        #expect(try await fixture.login("rob").name == "rob")
    }

    @Test func `the hash is never served`() async throws {
        let fixture = try await AccessFixture()
        let user = try #require(fixture.snapshot.object("users", "rocketskates"))
        let served = try #require(fixture.tracker.catalog["users"]?.served(user))
        #expect(user.document.member("PasswordHash") != nil)
        #expect(served.member("PasswordHash") == nil)
        #expect(
            served.value().objectValue?.keys == [
                "Available", "Bundle", "Description", "Endpoint", "Errors", "Meta", "Name", "ReadOnly", "Roles",
                "Secret",
                "Validated",
            ])
    }

    @Test func `another password comes with another secret`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob")
        let before = fixture.secret("rob")
        let hash = try AccessFixture.cheapHash("other")
        try await fixture.commit { draft throws(TrackerError) in _ = try draft.setPassword(of: "Name:rob", to: hash) }
        #expect(fixture.secret("rob") != before)
        #expect(fixture.secret("rob").count == 16)
        #expect(try await fixture.login("rob", "other").name == "rob")
        await #expect(throws: AccessError.badCredentials) { try await fixture.login("rob", "secret") }
    }

    @Test func `a user who does not exist gets no password`() async throws {
        let fixture = try await AccessFixture()
        await #expect(throws: TrackerError.notFound("users", "rob")) {
            try await fixture.commit { draft throws(TrackerError) in
                _ = try draft.setPassword(of: "rob", to: AccessFixture.defaultHash)
            }
        }
    }

    @Test func `the default user is created once and may do everything`() async throws {
        let fixture = try await AccessFixture()
        let before = fixture.snapshot.revision
        try await fixture.commit { draft throws(TrackerError) in
            try DefaultUser.account.create(in: &draft, hash: AccessFixture.defaultHash)
        }
        #expect(fixture.snapshot.revision == before)
        let principal = try await fixture.login(DefaultUser.name, DefaultUser.password)
        #expect(principal.isSuperuser)
        #expect(principal.displayed == "user:rocketskates")
    }
}

extension AccessFixture {
    fileprivate func secret(_ user: String) -> String {
        snapshot.object("users", user)?.document.member("Secret")?.string ?? ""
    }
}
