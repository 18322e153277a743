import HTTPTypes
import JSON
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// What takes more work than one request may have done is refused with 422, by a text that names the bound and what to do.
@Suite(.timeLimit(.minutes(10)), .allTransports) struct RequestBudgetTests {
    /// Asks a server whose budgets `limit` sets, once what `prepare` makes is there.
    private static func ask(
        _ path: String, body: JSONValue? = nil, limit: @escaping (inout RequestBudgets) -> Void,
        _ prepare: @escaping @Sendable (Browser) async throws -> Void
    ) async throws -> ProvisionAPITests.Answer {
        let server = try await TestServer { limit(&$0.budgets) }
        return try await server.browse { browser in
            try await prepare(browser)
            return try await browser.send(body == nil ? .get : .post, "/api/v3/\(path)", body)
        }
    }

    private static func expectRefusal(_ answer: ProvisionAPITests.Answer, _ text: String) {
        #expect(answer.status == 422, "\(answer.text)")
        #expect(answer.error.messages.first?.hasPrefix("This takes more than \(text)") == true, "\(answer.text)")
        #expect(answer.error.messages.first?.contains(": ") == true, "it says what to do: \(answer.text)")
    }

    /// Five profiles by one change set, which is revision `n`.
    private static let makeProfiles: @Sendable (Browser) async throws -> Void = { browser in
        let changes = (0..<5).map { number -> JSONValue in
            ["op": "create", "type": "profiles", "object": ["Name": .string("pp\(number)"), "Params": ["aa": 1]]]
        }
        _ = try await browser.send(.post, "/api/v3/changes", ["changes": .array(changes)])
    }

    @Test func `an undo of too much`() async throws {
        for (most, status) in [(4, 422), (5, 200)] {
            let server = try await TestServer { $0.budgets.undo.limit = most }
            try await server.browse { browser in
                try await Self.makeProfiles(browser)
                let path = "/api/v3/changes/\(server.tracker.snapshot.revision)/undo"
                let answer = try await browser.send(.post, path, [:])
                #expect(answer.status == status, "\(answer.text)")
                if status == 422 { Self.expectRefusal(answer, "4 pages of 4 KiB of objects to restore") }
            }
        }
    }

    @Test func `an explanation that reads too many earlier versions`() async throws {
        let prepare: @Sendable (Browser) async throws -> Void = { browser in
            try await Self.makeProfiles(browser)
            for text in ["a", "b", "c", "d"] {
                let patch: JSONValue = [["op": "add", "path": "/Description", "value": .string(text)]]
                _ = try await browser.send(.patch, "/api/v3/profiles/pp1", patch)
            }
        }
        let path = "profiles/pp1/params/aa/explain"
        let refused = try await Self.ask(path, limit: { $0.explain.limit = 4 }, prepare)
        Self.expectRefusal(refused, "4 pages of 4 KiB of earlier versions to read")
        #expect(try await Self.ask(path, limit: { $0.explain.limit = 5 }, prepare).status == 200)
    }

    @Test func `a search for who can that looks at too many users`() async throws {
        let prepare: @Sendable (Browser) async throws -> Void = { browser in
            for name in ["aa", "bb"] {
                _ = try await browser.send(.post, "/api/v3/users", ["Name": .string(name), "Roles": ["one", "two"]])
            }
        }
        let path = "system/whocan?scope=profiles&action=get&specific=global"
        let refused = try await Self.ask(path, limit: { $0.whoCan.limit = 7 }, prepare)
        Self.expectRefusal(refused, "7 users and roles of users to look at")
        #expect(try await Self.ask(path, limit: { $0.whoCan.limit = 8 }, prepare).status == 200)
    }

    @Test func `a list whose rows get their params from too many objects`() async throws {
        let prepare: @Sendable (Browser) async throws -> Void = { browser in
            try await Self.makeProfiles(browser)
            for name in ["m1", "m2"] {
                let machine: JSONValue = ["Name": .string(name), "Profiles": ["pp0", "pp1"]]
                _ = try await browser.send(.post, "/api/v3/machines", machine)
            }
        }
        for path in ["machines?aggregate=true", "machines?aggregate=true&aa=1", "machines?aggregate=true&sort=Name"] {
            let refused = try await Self.ask(path, limit: { $0.aggregate.limit = 3 }, prepare)
            Self.expectRefusal(refused, "3 objects that give the rows of a list their params")
            #expect(try await Self.ask(path, limit: { $0.aggregate.limit = 100 }, prepare).status == 200)
        }
    }

    @Test(arguments: [1, 2, 4, 8])
    func `decoding takes a step for each sealed value and is refused beyond its budget`(count: Int) async throws {
        let prepare: @Sendable (Browser) async throws -> Void = { browser in
            _ = try await browser.send(.post, "/api/v3/params", ["Name": "ss", "Secure": true])
            for number in 0..<count {
                let profile: JSONValue = ["Name": .string("pp\(number)"), "Params": ["ss": "hush", "aa": 1]]
                _ = try await browser.send(.post, "/api/v3/profiles", profile)
            }
        }
        let refused = try await Self.ask("profiles?decode=true", limit: { $0.decode.limit = count - 1 }, prepare)
        Self.expectRefusal(refused, "\(count - 1) sealed values to open")
        #expect(try await Self.ask("profiles?decode=true", limit: { $0.decode.limit = count }, prepare).status == 200)
    }
}
