import Access
import BasicsTesting
import HTTPTypes
import JSON
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

@Suite(.timeLimit(.minutes(10)), .allTransports) struct LongPollTests {
    private static let path = "/api/v3/profiles/global"
    private static let change: JSONValue = [["op": "add", "path": "/Meta/x", "value": "y"]]

    private static func condition(_ tag: String, wait: String? = nil) -> HTTPFields {
        var headers: HTTPFields = [.ifNoneMatch: tag]
        if let wait { headers[.prefer] = "wait=\(wait)" }
        return headers
    }

    @Test func `a known object is not sent again`() async throws {
        try await TestServer().browse { browser in
            let tag = try #require(try await browser.get(Self.path).headers[.eTag])
            for text in [tag, "\"x\", \(tag)", "W/\(tag)", "*"] {
                let answer = try await browser.get(Self.path, Self.condition(text))
                #expect(answer.status == 304 && answer.text.isEmpty)
            }
            #expect(try await browser.get(Self.path, Self.condition("\"x\"")).status == 200)
        }
    }

    @Test func `a wait ends when the object changes, and not when others do`() async throws {
        try await TestServer().browse { browser in
            let tag = try #require(try await browser.get(Self.path).headers[.eTag])
            async let waiting = browser.get(Self.path, Self.condition(tag, wait: "30s"))
            for number in 0..<5 {
                _ = try await browser.send(.post, "/api/v3/profiles", ["Name": .string("other\(number)")])
            }
            let changed = try await browser.send(.patch, Self.path, Self.change)
            let answer = try await waiting
            #expect(answer.status == 200 && answer.text == changed.text)
            #expect(answer.headers[.eTag] == changed.headers[.eTag])
        }
    }

    @Test func `a wait without a change ends with nothing new`() async throws {
        let clock = ManualClock()
        try await TestServer(clock: clock).browse { browser in
            let tag = try #require(try await browser.get(Self.path).headers[.eTag])
            for wait in ["0", "nonsense"] {
                #expect(try await browser.get(Self.path, Self.condition(tag, wait: wait)).status == 304)
            }
            for method in [HTTPRequest.Method.get, .head] {
                async let waiting = browser.send(method, Self.path, headers: Self.condition(tag, wait: "30s"))
                await clock.untilSleeping(1)
                clock.advance(by: .seconds(30))
                #expect(try await waiting.status == 304)
            }
        }
    }

    @Test func `who is removed while they wait in vain is not told even that`() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        try await server.browse { browser in
            let user: JSONValue = ["Name": "guest", "Roles": ["superuser"]]
            #expect(try await browser.send(.post, "/api/v3/users", user).status == 201)
            let order = TokenRequest(.user("guest"), grantor: "guest", lifetime: .seconds(86_400))
            let token = try server.authenticator.issueToken(order, in: server.tracker.snapshot)
            let guest = browser.with("Bearer \(token)")
            let tag = try #require(try await guest.get(Self.path).headers[.eTag])
            async let waiting = guest.get(Self.path, Self.condition(tag, wait: "30s"))
            await clock.untilSleeping(1)
            _ = try await browser.send(.delete, "/api/v3/users/guest")
            clock.advance(by: .seconds(30))
            let answer = try await waiting
            #expect(answer.status == 401 || answer.status == 403, "\(answer.status)")
        }
    }

    @Test func `a wait for what is removed ends with not found`() async throws {
        try await TestServer().browse { browser in
            let created = try await browser.send(.post, "/api/v3/profiles", ["Name": "p1"])
            let tag = try #require(created.headers[.eTag])
            async let waiting = browser.get("/api/v3/profiles/p1", Self.condition(tag, wait: "30s"))
            _ = try await browser.send(.delete, "/api/v3/profiles/p1")
            #expect(try await waiting.status == 404)
        }
    }

    @Test(arguments: [
        ("wait=5", 5), ("respond-async, wait = 2m", 120), ("wait=\"3s\"", 3), ("wait=1h", 600), ("wait=never", 600),
        ("wait=-1", 0), ("", 0),
    ])
    func `the wait is what the client prefers, up to ten minutes`(prefer: String, seconds: Int) {
        let poll = LongPoll([.ifNoneMatch: "\"x\"", .prefer: prefer])
        #expect(poll?.wait == .seconds(seconds))
    }

    @Test func `without a tag there is nothing to wait for`() {
        #expect(LongPoll([.prefer: "wait=5s"]) == nil)
    }
}
