import HTTPTypes
import JSON
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

/// What holds of every route that is registered, whatever it is for.
@Suite(.timeLimit(.minutes(10)), .allTransports) struct EveryRouteTests {
    private static let open: Set = [
        "GET /", "GET /swagger-ui", "GET /swagger.json", "GET /health", "GET /api/v3/health",
        // Its callers know the secret of a trigger.
        "POST /api/v3/webhooks/{name}",
    ]

    /// A path that the route answers, with `key` for the object.
    private static func path(_ route: ProvisionAPI.Route, key: String = "x") -> String {
        "/"
            + route.pattern.description.split(separator: "/").map { part in
                part.hasPrefix("{revision") ? "3" : part.hasPrefix("{") ? key : String(part)
            }.joined(separator: "/")
    }

    private static let patch: JSONValue = [["op": "add", "path": "/Description", "value": "x"]]

    @Test func `only what is meant to be is open to all`() async throws {
        let routes = try await TestServer().server.routes.routes
        #expect(Set(routes.filter { $0.requirement == .nothing }.map(\.description)) == Self.open)
    }

    @Test(arguments: [nil, "Bearer", "Bearer x.y.z", "Basic eDp5", "Digest x", "Basic ", "Bearer \u{7f}"])
    func `nothing is answered without good credentials`(authorization: String?) async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            _ = try await browser.send(.post, "/api/v3/profiles", ["Name": "secret-profile"])
            let stranger = browser.with(authorization)
            for route in server.server.routes.routes where !Self.open.contains(route.description) {
                for key in ["x", "secret-profile"] {
                    let answer = try await stranger.send(route.method, Self.path(route, key: key), Self.patch)
                    #expect(answer.status == 401 || answer.status == 403 || answer.status == 429, "\(route)")
                    #expect(!answer.text.contains("secret-profile"), "\(route): \(answer.text)")
                }
            }
            #expect(try await browser.get("/api/v3/profiles/x").status == 404)
            #expect(try await browser.get("/api/v3/profiles/secret-profile").status == 200)
        }
    }

    @Test func `whoever has no claims is told of no object and changes none`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let nobody = try await Nobody.make(browser)
            for type in ["profiles", "stages", "tasks"] {
                let object: JSONValue = [
                    "Name": "hidden-thing", "Description": "secret-words", "Meta": ["a": "secret-words"],
                ]
                #expect(try await browser.send(.post, "/api/v3/\(type)", object).status == 201)
            }
            let revision = try await browser.get("/health").json["revision"]
            for route in server.server.routes.routes where !Self.open.contains(route.description) {
                for key in ["hidden-thing", "Name:hidden-thing"] {
                    let path = Self.path(route, key: key)
                    let answer = try await nobody.send(route.method, path, Self.patch)
                    let isRefused = (400..<500).contains(answer.status) || answer.status == 501
                    let isEmptyList =
                        route.requirement.isList && answer.status == 200 && ["[]", "{}"].contains(answer.text)
                    let isMissing = route.isAboutObject && answer.status == 404
                    #expect(
                        route.requirement == .account || isEmptyList || isMissing
                            || isRefused && answer.error.type == "AUTH",
                        "\(route): \(answer.text)")
                    #expect(!answer.text.contains("secret-words"), "\(route): \(answer.text)")
                    let told = answer.text.replacing(path, with: "").replacing("Requires:", with: "")
                    #expect(isRefused || !told.contains("hidden-thing"), "\(route): \(answer.text)")
                }
            }
            for path in ["events?since=&limit=1000", "history", "changes/3", "changes/4"] {
                let answer = try await nobody.get("/api/v3/\(path)")
                #expect(!answer.text.contains("hidden-thing"), "\(path): \(answer.text)")
            }
            #expect(try await browser.get("/health").json["revision"] == revision)
        }
    }
}

extension ProvisionAPI.Route {
    /// Whether its path names one object that is there.
    var isAboutObject: Bool { requirement.scopeOfObject != nil && pattern.description.contains("{key") }
}
