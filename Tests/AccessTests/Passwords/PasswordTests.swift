import JSON
import Testing
import Tracker

@testable import Access

struct PasswordTests {
    @Test func `a password is the user's or it is not`() async throws {
        let house = try await House()
        try await house.addUser("rob", password: "one")
        #expect(try await house.login("rob", "one").displayed == "user:rob")
        await #expect(throws: AccessError.badCredentials) { try await house.login("rob", "One") }
        await #expect(throws: AccessError.badCredentials) { try await house.login("rob", "") }
    }

    @Test func `who does not exist or has no password is told no more than that`() async throws {
        let house = try await House()
        try await house.commit { draft throws(TrackerError) in
            _ = try draft.create("users", ["Name": "rob"])
            _ = try draft.create("users", ["Name": "tim", "PasswordHash": "aGVsbG8="])
        }
        for user in ["rob", "tim", "jack", ""] {
            await #expect(throws: AccessError.badCredentials) { try await house.login(user, "") }
        }
        #expect(AccessError.badCredentials.messages == ["Access Denied"])
    }

    @Test func `a right password is remembered, and forgotten in time`() async throws {
        var limits = PasswordVerifier.Limits()
        limits.rememberedFor = .seconds(60)
        let house = try await House(limits: limits)
        try await house.addUser("rob")
        #expect(try await house.login("rob").name == "rob")
        #expect(try await house.hashes { try await house.login("rob") } == 0)
        house.clock.advance(by: .seconds(59))
        #expect(try await house.hashes { try await house.login("rob") } == 0)
        house.clock.advance(by: .seconds(1))
        #expect(try await house.hashes { try await house.login("rob") } == 1)
        #expect(try await house.hashes { try await house.login("rob") } == 0)
    }

    @Test func `a wrong password is not remembered`() async throws {
        let house = try await House()
        try await house.addUser("rob")
        for _ in 0..<2 {
            #expect(await house.hashes { try? await house.login("rob", "wrong") } == 1)
        }
    }

    @Test func `equal logins at the same time share one hash`() async throws {
        let house = try await House()
        let hashes = try await house.hashes {
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<24 {
                    group.addTask { try await house.login(DefaultUser.name, DefaultUser.password).name }
                }
                for try await name in group { #expect(name == DefaultUser.name) }
            }
        }
        #expect(hashes == 1)
    }

    @Test func `after too many failures even the right password has to wait`() async throws {
        var limits = PasswordVerifier.Limits()
        limits.failures = 3
        limits.failureDecay = .seconds(10)
        let house = try await House(limits: limits)
        try await house.addUser("rob")
        for guess in 0..<3 {
            await #expect(throws: AccessError.badCredentials) { try await house.login("rob", "guess \(guess)") }
        }
        let refusal = AccessError(
            .tooManyFailures, ["Too many failed logins: try again in 10 s"], retryAfter: .seconds(10))
        await #expect(throws: refusal) { try await house.login("rob") }
        #expect(try await house.login("rob", from: "192.0.2.9").name == "rob")
        // What another address showed to be right does not let a guesser through.
        await #expect(throws: refusal) { try await house.login("rob") }
        house.clock.advance(by: .seconds(10))
        #expect(try await house.login("rob").name == "rob")
    }

    @Test func `one address may fail only so many times, whatever the user names`() async throws {
        var limits = PasswordVerifier.Limits()
        limits.addressFailures = 5
        limits.addressFailureDecay = .seconds(10)
        let house = try await House(limits: limits)
        try await house.addUser("rob")
        #expect(try await house.login("rob").name == "rob")
        for number in 0..<5 {
            await #expect(throws: AccessError.badCredentials) { try await house.login("user \(number)", "guess") }
        }
        let refusal = AccessError(
            .tooManyFailures, ["Too many failed logins from this address: try again in 10 s"],
            retryAfter: .seconds(10))
        await #expect(throws: refusal) { try await house.login("yet another", "guess") }
        // Not even a password that was found right: it would tell which guesses are.
        await #expect(throws: refusal) { try await house.login("rob") }
        #expect(try await house.login("rob", from: "192.0.2.9").name == "rob")
        house.clock.advance(by: .seconds(10))
        #expect(try await house.login("rob").name == "rob")
    }

    @Test func `whoever logs in does not wipe out what their address failed with others`() async throws {
        var limits = PasswordVerifier.Limits()
        limits.addressFailures = 4
        limits.rememberedFor = .zero
        let house = try await House(limits: limits)
        try await house.addUser("rob")
        for number in 0..<3 {
            await #expect(throws: AccessError.badCredentials) { try await house.login("user \(number)", "guess") }
            #expect(try await house.login("rob").name == "rob")
        }
        await #expect(throws: AccessError.badCredentials) { try await house.login("user 4", "guess") }
        await #expect(throws: AccessError.self) { try await house.login("rob") }
    }

    @Test func `many guesses at once get no further than one at a time`() async throws {
        var limits = PasswordVerifier.Limits()
        limits.failures = 3
        let house = try await House(limits: limits)
        try await house.addUser("rob")
        let refused = await withTaskGroup(of: Bool.self) { group in
            for guess in 0..<20 {
                group.addTask {
                    do throws(AccessError) {
                        _ = try await house.login("rob", "guess \(guess)")
                        return false
                    } catch {
                        return error.code == .tooManyFailures
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused == 17)
    }

    @Test func `too much at once is refused and does not count as a failure`() async throws {
        var limits = PasswordVerifier.Limits()
        limits.pending = 0
        let house = try await House(limits: limits)
        for _ in 0..<20 {
            await #expect(throws: AccessError.busy) { try await house.login(DefaultUser.name, DefaultUser.password) }
        }
        await #expect(throws: AccessError.busy) { try await house.authenticator.hash(password: "x") }
    }

    @Test func `new hashes have salts of their own`() async throws {
        let house = try await House()
        let hashes = try await [house.authenticator.hash(password: "x"), house.authenticator.hash(password: "x")]
        #expect(hashes[0].salt != hashes[1].salt)
        #expect(hashes[0].salt.count == 16)
        #expect(hashes.allSatisfy { $0.matches("x") && $0.cost == .standard && $0.key.count == 32 })
    }
}

extension House {
    /// How many passwords were hashed during `body`.
    fileprivate func hashes<Value>(during body: () async throws -> Value) async rethrows -> Int {
        let before = authenticator.hashCount
        _ = try await body()
        return authenticator.hashCount - before
    }
}
