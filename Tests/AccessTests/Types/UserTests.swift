import JSON
import Testing
import Tracker

@testable import Access

struct UserTests {
    @Test(arguments: ["ab", "rob@example.org", "Jörg", "rob-1", "a b"])
    func `names of users may hold at-signs and dots`(name: String) async throws {
        let house = try await House()
        try await house.addUser(name)
        #expect(house.snapshot.contains("users", name))
    }

    @Test(arguments: ["a", "1rob", "rob/1", "rob:1", "@rob", "röb\n"])
    func `other names are refused in the words that clients know`(name: String) async throws {
        let house = try await House()
        await #expect(throws: TrackerError(.invalid, "users", key: name, "\(name): Invalid Name `\(name)`")) {
            try await house.commit { draft throws(TrackerError) in
                _ = try draft.create("users", ["Name": .string(name)])
            }
        }
    }

    @Test func `a user without a secret gets a random one`() async throws {
        let house = try await House()
        try await house.addUser("rob")
        try await house.addUser("tim")
        let secrets = ["rob", "tim"].map { house.secret($0) }
        #expect(secrets[0].count == 16)
        #expect(secrets[0] != secrets[1])
    }

    @Test func `a secret that is given is kept`() async throws {
        let house = try await House()
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.create("users", ["Name": "rob", "Secret": "mine"])
        }
        #expect(house.secret("rob") == "mine")
    }

    @Test func `a replacement without a secret leaves it`() async throws {
        let house = try await House()
        try await house.addUser("rob")
        let secret = house.secret("rob")
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.replace("users", at: "rob", with: ["Name": "rob", "Description": "A user"])
        }
        #expect(house.secret("rob") == secret)
    }

    @Test func `a replacement without a hash leaves the password`() async throws {
        let house = try await House()
        try await house.addUser("rob")
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.replace("users", at: "rob", with: ["Name": "rob"])
        }
        #expect(try await house.login("rob").name == "rob")
    }

    @Test func `the hash is never served`() async throws {
        let house = try await House()
        let user = try #require(house.snapshot.object("users", "rocketskates"))
        let served = try #require(house.tracker.catalog["users"]?.served(user))
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
        let house = try await House()
        try await house.addUser("rob")
        let before = house.secret("rob")
        let hash = try House.cheapHash("other")
        try await house.commit { draft throws(TrackerError) in _ = try draft.setPassword(of: "Name:rob", to: hash) }
        #expect(house.secret("rob") != before)
        #expect(house.secret("rob").count == 16)
        #expect(try await house.login("rob", "other").name == "rob")
        await #expect(throws: AccessError.badCredentials) { try await house.login("rob", "secret") }
    }

    @Test func `a user who does not exist gets no password`() async throws {
        let house = try await House()
        await #expect(throws: TrackerError.notFound("users", "rob")) {
            try await house.commit { draft throws(TrackerError) in
                _ = try draft.setPassword(of: "rob", to: House.defaultHash)
            }
        }
    }

    @Test func `the default user is created once and may do everything`() async throws {
        let house = try await House()
        let before = house.snapshot.revision
        try await house.commit { draft throws(TrackerError) in
            try DefaultUser.create(in: &draft, hash: House.defaultHash)
        }
        #expect(house.snapshot.revision == before)
        let principal = try await house.login(DefaultUser.name, DefaultUser.password)
        #expect(principal.isSuperuser)
        #expect(principal.displayed == "user:rocketskates")
    }
}

extension House {
    fileprivate func secret(_ user: String) -> String {
        snapshot.object("users", user)?.document.member("Secret")?.string ?? ""
    }
}
