import Access
import HTTPTypes
import JSON
import StoreTesting
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// What changed, less what rules changed by themselves, is never more than what the caller may do alone.
@Suite(.timeLimit(.minutes(10)), .allTransports) struct WriteOracleTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `no write of any kind changes more than its caller may`(seed: UInt64) async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            var random = SeededGenerator(seed: seed)
            var writes = RandomWrites(seed: seed)
            let users = try await Self.fill(browser, &writes, &random)
            var (taken, refused) = (0, 0)
            for step in 0..<300 {
                let isAdministrator = step % 3 == 0
                let (name, user) = isAdministrator ? ("", browser) : users[step % users.count]
                let base = server.tracker.snapshot
                let write = writes.next(in: base)
                let answer = try await user.send(write.method, "/api/v3/\(write.path)", write.body)
                let result = server.tracker.snapshot
                #expect(answer.status < 500, "seed \(seed), step \(step): \(answer.text)")
                if isAdministrator { continue }
                if answer.status >= 300 {
                    refused += 1
                    #expect(result.revision == base.revision)
                    continue
                }
                if result.revision != base.revision { taken += 1 }
                let oracle = RightsOracle(name, from: base, to: result, server.authenticator.scopes)
                #expect(
                    oracle.problems.isEmpty,
                    "seed \(seed), step \(step): \(name): \(write.method) \(write.path) \(write.body ?? .null)")
            }
            #expect(taken >= 3 && refused >= 10, "seed \(seed): \(taken) taken, \(refused) refused: that shows little")
        }
    }

    /// A world of objects, roles, users and tenants.
    private static func fill(
        _ browser: Browser, _ writes: inout RandomWrites, _ random: inout SeededGenerator
    ) async throws -> [(String, Browser)] {
        func make(_ type: String, _ object: JSONValue) async throws {
            let answer = try await browser.send(.post, "/api/v3/\(type)", object)
            if answer.status != 201 { throw TestFailure("\(type): \(answer.text)") }
        }
        for (name, isSecure) in [("open", false), ("ss", true)] {
            try await make("params", ["Name": .string(name), "Secure": .bool(isSecure)])
        }
        for number in 0..<4 {
            let params: JSONValue = number % 2 == 0 ? ["ss": "hush"] : ["open": "x"]
            try await make("profiles", ["Name": .string("p\(number)"), "Params": params])
            try await make("stages", ["Name": .string("s\(number)"), "Profiles": [.string("p\(number)")]])
            try await make("machines", ["Name": .string("m\(number)")])
            try await make("roles", ["Name": .string("r\(number)"), "Claims": writes.claims()])
        }
        var users: [(String, Browser)] = []
        for number in 0..<5 {
            let roles = ["r\(number % 4)", "r\((number + 1) % 4)"].map { JSONValue.string($0) }
            let user = JSONValue.object(["Name": .string("u\(number)"), "Roles": .array(roles)])
            try await make("users", user)
            let token = try await browser.get("/api/v3/users/u\(number)/token").json["Token"]?.stringValue ?? ""
            users.append(("u\(number)", browser.with("Bearer \(token)")))
        }
        try await make("tenants", ["Name": "t0", "Users": ["u0"], "Members": ["profiles": ["p0", "p1"]]])
        try await make("tenants", ["Name": "t1", "Users": ["u1"], "Members": ["roles": ["r0"], "stages": ["s1"]]])
        return users
    }
}
