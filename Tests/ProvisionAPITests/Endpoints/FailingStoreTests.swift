import HTTPTypes
import JSON
import Testing

@testable import HTTPServing
@testable import ProvisionAPI
@testable import Store

@Suite(.allTransports) struct FailingStoreTests {
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

    @Test func `what fails in the store before anybody writes shows in health at once, until it works`() async throws {
        let store = MemoryStore()
        let server = try await TestServer(store: store)
        try await server.browse { browser in
            store.condition.report(.journal, StoreError(.diskFull, "no room for the journal"))
            let slow = try await browser.get("/health")
            #expect(slow.status == 200 && slow.json["status"] == "degraded")
            #expect(slow.json["cause"] == "no room for the journal")
            store.condition.report(.checkpointing, StoreError(.diskFull, "no room to settle"))
            let failing = try await browser.get("/health")
            #expect(failing.status == 503 && failing.json["status"] == "read-only")
            #expect(failing.json["cause"] == "no room to settle")
            for part in StoreCondition.Part.allCases { store.condition.report(part, nil) }
            #expect(try await browser.get("/health").json["status"] == "ok")
        }
    }
}
