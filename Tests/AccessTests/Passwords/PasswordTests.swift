import BasicsTesting
import JSON
import Provisioning
import Testing
import Tracker

@testable import Access

struct PasswordTests {
    @Test func `a password is the user's or it is not`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob", password: "one")
        #expect(try await fixture.login("rob", "one").displayed == "user:rob")
        await #expect(throws: AccessError.badCredentials) { try await fixture.login("rob", "One") }
        await #expect(throws: AccessError.badCredentials) { try await fixture.login("rob", "") }
    }

    @Test func `who does not exist or has no password is told no more than that`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.commit { draft throws(TrackerError) in
            _ = try draft.create("users", ["Name": "rob"])
            _ = try draft.create("users", ["Name": "tim", "PasswordHash": "aGVsbG8="])
        }
        for user in ["rob", "tim", "jack", ""] {
            await #expect(throws: AccessError.badCredentials) { try await fixture.login(user, "") }
        }
        #expect(AccessError.badCredentials.messages == ["Access Denied"])
    }

    @Test func `a right password is remembered, and forgotten in time`() async throws {
        var limits = PasswordVerifier.Limits()
        limits.rememberedFor = .seconds(60)
        let fixture = try await AccessFixture(limits: limits)
        try await fixture.addUser("rob")
        #expect(try await fixture.login("rob").name == "rob")
        #expect(try await fixture.hashes { try await fixture.login("rob") } == 0)
        fixture.clock.advance(by: .seconds(59))
        #expect(try await fixture.hashes { try await fixture.login("rob") } == 0)
        fixture.clock.advance(by: .seconds(1))
        #expect(try await fixture.hashes { try await fixture.login("rob") } == 1)
        #expect(try await fixture.hashes { try await fixture.login("rob") } == 0)
    }

    @Test func `a wrong password is not remembered`() async throws {
        let fixture = try await AccessFixture()
        try await fixture.addUser("rob")
        for _ in 0..<2 {
            #expect(await fixture.hashes { try? await fixture.login("rob", "wrong") } == 1)
        }
    }

    @Test func `equal logins at the same time share one hash`() async throws {
        let fixture = try await AccessFixture()
        let hashes = try await fixture.hashes {
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<24 {
                    group.addTask { try await fixture.login(DefaultUser.name, DefaultUser.password).name }
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
        let fixture = try await AccessFixture(limits: limits)
        try await fixture.addUser("rob")
        for guess in 0..<3 {
            await #expect(throws: AccessError.badCredentials) { try await fixture.login("rob", "guess \(guess)") }
        }
        let refusal = AccessError(
            .tooManyFailures, ["Too many failed logins: try again in 10 s"], retryAfter: .seconds(10))
        await #expect(throws: refusal) { try await fixture.login("rob") }
        #expect(try await fixture.login("rob", from: "192.0.2.9").name == "rob")
        // What another address showed to be right does not let a guesser through.
        await #expect(throws: refusal) { try await fixture.login("rob") }
        fixture.clock.advance(by: .seconds(10))
        #expect(try await fixture.login("rob").name == "rob")
    }

    @Test func `one address may fail only so many times, whatever the user names`() async throws {
        var limits = PasswordVerifier.Limits()
        limits.addressFailures = 5
        limits.addressFailureDecay = .seconds(10)
        let fixture = try await AccessFixture(limits: limits)
        try await fixture.addUser("rob")
        #expect(try await fixture.login("rob").name == "rob")
        for number in 0..<5 {
            await #expect(throws: AccessError.badCredentials) { try await fixture.login("user \(number)", "guess") }
        }
        let refusal = AccessError(
            .tooManyFailures, ["Too many failed logins from this address: try again in 10 s"],
            retryAfter: .seconds(10))
        await #expect(throws: refusal) { try await fixture.login("yet another", "guess") }
        // Not even a password that was found right: it would tell which guesses are.
        await #expect(throws: refusal) { try await fixture.login("rob") }
        #expect(try await fixture.login("rob", from: "192.0.2.9").name == "rob")
        fixture.clock.advance(by: .seconds(10))
        #expect(try await fixture.login("rob").name == "rob")
    }

    @Test func `whoever logs in does not wipe out what their address failed with others`() async throws {
        var limits = PasswordVerifier.Limits()
        limits.addressFailures = 4
        limits.rememberedFor = .zero
        let fixture = try await AccessFixture(limits: limits)
        try await fixture.addUser("rob")
        for number in 0..<3 {
            await #expect(throws: AccessError.badCredentials) { try await fixture.login("user \(number)", "guess") }
            #expect(try await fixture.login("rob").name == "rob")
        }
        await #expect(throws: AccessError.badCredentials) { try await fixture.login("user 4", "guess") }
        await #expect(throws: AccessError.self) { try await fixture.login("rob") }
    }

    @Test func `many guesses at once get no further than one at a time`() async throws {
        var limits = PasswordVerifier.Limits()
        limits.failures = 3
        let fixture = try await AccessFixture(limits: limits)
        try await fixture.addUser("rob")
        let refused = await withTaskGroup(of: Bool.self) { group in
            for guess in 0..<20 {
                group.addTask {
                    do throws(AccessError) {
                        _ = try await fixture.login("rob", "guess \(guess)")
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
        let fixture = try await AccessFixture(limits: limits)
        for _ in 0..<20 {
            await #expect(throws: AccessError.busy) { try await fixture.login(DefaultUser.name, DefaultUser.password) }
        }
        await #expect(throws: AccessError.busy) { try await fixture.authenticator.hash(password: "x") }
    }

    @Test func `new hashes have salts of their own`() async throws {
        let fixture = try await AccessFixture()
        let hashes = try await [fixture.authenticator.hash(password: "x"), fixture.authenticator.hash(password: "x")]
        #expect(hashes[0].salt != hashes[1].salt)
        #expect(hashes[0].salt.count == 16)
        #expect(hashes.allSatisfy { $0.matches("x") && $0.cost == .standard && $0.key.count == 32 })
    }
}

extension AccessFixture {
    /// How many passwords were hashed during `body`.
    fileprivate func hashes<Value>(during body: () async throws -> Value) async rethrows -> Int {
        let before = authenticator.hashCount
        _ = try await body()
        return authenticator.hashCount - before
    }
}
