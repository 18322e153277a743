import HTTPTypes
import JSON
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// Filters never test values that their caller could not read, those of the past included.
@Suite(.timeLimit(.minutes(10)), .allTransports) struct TestedValuesTests {
    private static let value = "once-in-clear"

    /// A server whose past has a value in clear that is sealed today.
    private static func past(_ server: TestServer, _ browser: Browser) async throws -> (
        revision: Revision, cursor: String
    ) {
        let cursor = try await browser.get("/api/v3/events/cursor").json["cursor"]?.stringValue ?? ""
        let profile: JSONValue = ["Name": "holder", "Params": ["pass": .string(value), "open": "seen"]]
        #expect(try await browser.send(.post, "/api/v3/profiles", profile).status == 201)
        _ = try await browser.send(.post, "/api/v3/machines", ["Name": "m1", "Profiles": ["holder"]])
        let revision = server.tracker.snapshot.revision
        #expect(try await browser.send(.post, "/api/v3/params", ["Name": "pass", "Secure": true]).status == 201)
        return (revision, cursor)
    }

    @Test func `a list of the past is not filtered by values that are secret today`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let (revision, _) = try await Self.past(server, browser)
            let reader = try await Clerk.make(browser, [["profiles,machines", "list,get", "*"]])
            func count(_ query: String) async throws -> String? {
                let answer = try await reader.send(.head, "/api/v3/\(query)&revision=\(revision)")
                #expect(answer.status == 200)
                return answer.headers[.listFilterCount]
            }
            for test in [
                Self.value, "Eq(\(Self.value))", "Re(^once)", "Gt(onca)", "Between(a,p)", "In(x,\(Self.value))",
            ] {
                #expect(try await count("profiles?pass=\(test)") == "0", "\(test)")
                #expect(try await count("profiles?params.pass=\(test)") == "0", "\(test)")
                #expect(try await count("machines?aggregate=true&pass=\(test)") == "0", "\(test)")
            }
            #expect(try await count("profiles?open=seen") == "1")
            #expect(try await count("machines?aggregate=true&open=seen") == "1")
        }
    }

    @Test func `events are not picked by values that are secret today`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let (_, cursor) = try await Self.past(server, browser)
            let reader = try await Clerk.make(browser, [["profiles", "list,get", "*"]])
            func events(_ condition: String) async throws -> Int? {
                let path = "/api/v3/events?since=\(cursor)&limit=1000&where=\(condition)"
                return try await reader.get(path).json["events"]?.arrayValue?.count
            }
            #expect(try await events("pass=\(Self.value)") == 0)
            #expect(try await events("pass=Re(^once)") == 0)
            #expect(try await events("open=seen") ?? 0 > 0)
        }
    }
}
