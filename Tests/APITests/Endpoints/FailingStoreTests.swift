import HTTPTypes
import JSON
import Store
import Testing

@testable import API

@Suite struct FailingStoreTests {
    @Test func `while the store fails writes are refused, reads go on, and health says so`() async throws {
        let store = MemoryStore()
        let server = try await TestServer(store: store)
        try store.close()
        try await server.browse { browser in
            let refused = try await browser.send(.post, "/api/v3/profiles", ["Name": "p1"])
            #expect(refused.status == 503 && refused.error.type == "POST")
            #expect(try await browser.get("/api/v3/profiles/global").status == 200)
            #expect(try await browser.get("/api/v3/profiles/p1").status == 404)
            let health = try await browser.get("/health")
            #expect(health.status == 503 && health.json["status"] == "read-only")
            #expect(health.json["cause"]?.stringValue?.isEmpty == false)
        }
    }
}
