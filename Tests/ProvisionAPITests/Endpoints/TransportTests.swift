import HTTPTypes
import JSON
import Logging
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

/// What all answers have in common.
@Suite(.timeLimit(.minutes(10)), .allTransports) struct TransportTests {
    @Test func `every answer names its request and is JSON`() async throws {
        try await TestServer().browse { browser in
            var ids: Set<String> = []
            for (method, path) in [
                (HTTPRequest.Method.get, "/api/v3/profiles"), (.get, "/api/v3/nothing"),
                (.delete, "/api/v3/profiles/x"),
                (.head, "/api/v3/profiles"), (.post, "/api/v3/profiles"), (.get, "/api/v3/logs"),
            ] {
                let answer = try await browser.send(method, path)
                ids.insert(answer.headers[.requestID] ?? "")
                #expect(answer.headers[.contentType] == "application/json", "\(method) \(path)")
            }
            #expect(ids.count == 6)
        }
    }

    @Test func `a body that is too long is refused, and the connection goes on`() async throws {
        let server = try await TestServer { $0.bodyLimit = 100_000 }
        try await server.browse { browser in
            let large = [UInt8](repeating: UInt8(ascii: " "), count: 8_000_000)
            let refused = try await browser.send(.post, "/api/v3/profiles", bytes: large)
            #expect(refused.status == 413 && refused.error.type == "POST")
            #expect(try await browser.get("/api/v3/profiles/global").status == 200)
        }
    }

    @Test func `requests are logged, reads only for those who look closely`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            _ = try await browser.get("/api/v3/profiles")
            #expect(server.lines.isEmpty)
            let created = try await browser.send(.post, "/api/v3/profiles", ["Name": "p1"])
            let (line, first) = (try #require(server.lines.last?.value), try #require(server.lines.first?.sequence))
            #expect(
                line["Principal"] == "user:rocketskates" && line["Level"] == "info" && line["Seq"] == JSONValue(first))
            let data = line["Data"]?.arrayValue?.first
            #expect(data?["request"] == created.headers[.requestID].map { .string($0) })
            #expect(data?["method"] == "POST" && data?["path"] == "/api/v3/profiles" && data?["status"] == "201")
        }
    }

    @Test func `one request may ask for more of the log`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            var headers = HTTPFields()
            headers[.logRequest] = "debug"
            headers[.logToken] = "look here"
            _ = try await browser.get("/api/v3/profiles", headers)
            _ = try await browser.get("/api/v3/profiles")
            let lines =
                try await browser.get("/api/v3/logs").json.arrayValue?.filter {
                    !($0["Message"]?.stringValue ?? "").hasPrefix("Server started")
                } ?? []
            #expect(lines.compactMap { $0["Message"]?.stringValue } == ["look here", "request"])
            #expect(lines.compactMap { $0["Level"]?.stringValue } == ["error", "debug"])
            _ = try await browser.with(nil).get("/api/v3/profiles", headers)
            #expect(!server.lines.dropFirst(2).contains { $0.message == "look here" })
        }
    }

    @Test func `tokens in a query do not reach the log`() async throws {
        let server = try await TestServer(logLevel: .trace)
        let token = server.token
        try await server.browse { browser async throws in
            #expect(try await browser.with(nil).get("/api/v3/profiles?token=\(token)").status == 200)
            #expect(!server.logs.lines.contains { $0.value.canonicalText.contains(token) })
        }
    }

    @Test func `the ring keeps the newest lines`() {
        let ring = LogRing(capacity: 3)
        let logger = Logger(label: "x") { ring.handler(label: $0, sink: SwiftLogNoOpLogHandler()) }
        for number in 0..<5 { logger.info("\(number)", metadata: ["principal": "me", "n": "\(number)"]) }
        #expect(ring.lines.map(\.message) == ["2", "3", "4"])
        #expect(ring.lines.map(\.sequence) == [2, 3, 4])
        let value = ring.lines[0].value
        #expect(value["Principal"] == "me" && value["Data"] == [["n": "2"]] && value["Service"] == "x")
    }
}
