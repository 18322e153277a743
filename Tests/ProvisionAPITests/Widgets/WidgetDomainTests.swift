import HTTPTypes
import JSON
import Testing
import Tracker

@testable import ProvisionAPI

/// The example domain beside those of dr-provision, through the generic endpoints.
@Suite(.timeLimit(.minutes(10))) struct `A domain of one's own` {
    private func browse(_ body: @Sendable (Browser) async throws -> Void) async throws {
        try await TestServer(domains: [Widgets.domain]).browse(body)
    }

    @Test func `is served generically, with numbers for keys`() async throws {
        try await browse { browser in
            for (name, parent) in [("frame", 0), ("wheel", 1), ("spoke", 2)] {
                let part: JSONValue = ["name": .string(name), "parent": JSONValue(parent), "mass": 10]
                #expect(try await browser.send(.post, "/api/v3/widgets_parts", part).status == 201)
            }
            let wheel = try await browser.get("/api/v3/widgets_parts/2")
            #expect(wheel.json["id"] == 2 && wheel.json["name"] == "wheel")
            #expect(try await browser.get("/api/v3/widgets_parts/02").status == 404)
            let later = try await browser.get("/api/v3/widgets_parts?id=min(2)&order=id&descending=true")
            #expect(later.json.arrayValue?.compactMap { $0["id"]?.intValue } == [3, 2])
            #expect(try await browser.send(.delete, "/api/v3/widgets_parts/1").status == 409)
            let patch: JSONValue = [["op": "replace", "path": "/mass", "value": 11]]
            #expect(try await browser.send(.patch, "/api/v3/widgets_parts/3", patch).json["mass"] == 11)
            let history = try await browser.get("/api/v3/widgets_parts/3/history")
            #expect(history.status == 200 && history.text.contains("\"mass\":10"))
            #expect(try await browser.get("/api/v3/history?type=widgets_parts&key=3").text.contains("\"key\":\"3\""))
        }
    }

    @Test func `has its rules, and its tree stays one`() async throws {
        try await browse { browser in
            func refusal(_ method: HTTPRequest.Method, _ path: String, _ part: JSONValue) async throws -> [String] {
                let answer = try await browser.send(method, "/api/v3/widgets_parts" + path, part)
                #expect(answer.status == 422, "\(answer.text)")
                return answer.error.messages
            }
            #expect(try await refusal(.post, "", ["mass": 1]) == ["name must not be empty"])
            #expect(
                try await refusal(.post, "", ["name": "a", "id": 7]) == [
                    "id is given by the server, not 7: leave it out"
                ])
            // What is refused may have used up a number: they are given once, not without gaps.
            let top = try await browser.send(.post, "/api/v3/widgets_parts", ["name": "top"]).json["id"] ?? .null
            let below = try await browser.send(.post, "/api/v3/widgets_parts", ["name": "below", "parent": top])
            let bottom = try #require(below.json["id"])
            let circle = try await refusal(.put, "/\(top)", ["name": "top", "parent": bottom])
            #expect(circle == ["\(top): parent leads back to the object itself"])
        }
    }

    @Test func `can be claimed, and is not in the tables that clients of dr-provision read`() async throws {
        try await browse { browser in
            let claims: JSONValue = [["scope": "widgets_parts", "action": "list,get", "specific": "*"]]
            let role: JSONValue = ["Name": "parts", "Claims": claims]
            let created = try await browser.send(.post, "/api/v3/roles", role)
            #expect(created.status == 201, "\(created.text)")
            let types = try await browser.get("/api/v3/objects").json.arrayValue ?? []
            #expect(types.contains("machines") && !types.contains("widgets_parts"))
            #expect(try await browser.get("/api/v3/indexes").json["widgets_parts"] == nil)
            let scopes = try await browser.get("/api/v3/info").json["scopes"]
            #expect(scopes?["machines"] != nil && scopes?["widgets_parts"] == nil)
        }
    }
}
