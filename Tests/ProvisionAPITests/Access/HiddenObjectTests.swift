import HTTPTypes
import JSON
import Testing

@testable import HTTPServing
@testable import ProvisionAPI

/// An object that its caller may not get is answered like one that does not exist (C §7.2), on every route about an object:
/// the same status, fields and bytes, but for the names in the request itself.
@Suite(.timeLimit(.minutes(10)), .allTransports) struct HiddenObjectTests {
    /// Two keys of the same length, of which the first is there.
    private static let keys = (there: "hidden-thing", absent: "absent-thing")
    private static let named = [
        "profiles", "stages", "tasks", "workflows", "bootenvs", "params", "roles", "users", "tenants",
    ]

    /// Makes objects of many types that are called `hidden-thing`, and a few with keys of another kind.
    private static func makeObjects(_ browser: Browser) async throws {
        let lease: JSONValue = ["Addr": "10.1.2.3", "Token": "t", "Strategy": "MAC"]
        var bodies = named.map { ($0, ["Name": .string(keys.there)] as JSONValue) }
        bodies += [
            ("templates", ["ID": .string(keys.there)]), ("machines", ["Name": .string(keys.there)]),
            ("contents", ["meta": ["Name": .string(keys.there)]]), ("leases", lease), ("reservations", lease),
        ]
        for (path, body) in bodies {
            let answer = try await browser.send(.post, "/api/v3/\(path)", body)
            if answer.status != 201 { throw TestFailure(answer.text) }
        }
    }

    /// A path of the route's, with `key` for the object.
    private static func path(_ route: ProvisionAPI.Route, _ key: String) -> String {
        "/"
            + route.pattern.description.split(separator: "/").map { part in
                part.hasPrefix("{key") ? key : part.hasPrefix("{") ? "xx" : String(part)
            }.joined(separator: "/")
    }

    /// Pairs of keys, of what is there and what is not, by which a route's objects can be asked for.
    private static func pairs(_ route: ProvisionAPI.Route) -> [(String, String)] {
        switch route.requirement.scopeOfObject {
        case "leases", "reservations": [("10.1.2.3", "10.1.2.4")]
        case "machines": [("Name:\(keys.there)", "Name:\(keys.absent)")]
        case "contents", "interfaces", "templates": [keys]
        default: [keys, ("Name:\(keys.there)", "Name:\(keys.absent)")]
        }
    }

    private static func body(_ route: ProvisionAPI.Route, _ key: String) -> JSONValue? {
        switch route.body {
        case .none, .streamed, .bytesOrStream, .form, .bytes: nil
        case .patch: [["op": "replace", "path": "/Description", "value": "x"]]
        case .json, .optionalJSON: ["Name": .string(key), "Password": "x", "meta": ["Name": .string(key)]]
        }
    }

    /// What is told of an object by `route`: all of an answer but its time and the request's own number and key.
    private static func told(
        _ route: ProvisionAPI.Route, _ key: String, _ query: String, _ headers: HTTPFields, to caller: Browser
    ) async throws -> (status: Int, text: String) {
        let answer = try await caller.send(
            route.method, path(route, key) + query, body(route, key), headers: headers)
        var fields = answer.headers
        for name in [HTTPField.Name.date, HTTPField.Name("X-Request-Id")].compactMap({ $0 }) { fields[name] = nil }
        let sorted = fields.map { "\($0.name): \($0.value)" }.sorted().joined(separator: "\n")
        var text = "\(answer.status)\n\(sorted)\n\(answer.text)"
        for (own, common) in [(key, "KEY"), ("0A010203", "HEX"), ("0A010204", "HEX")] {
            text.replace(own, with: common)
        }
        return (answer.status, text)
    }

    /// Requires that no route about an object lets `caller` tell what is there from what is not.
    private static func requireAlike(_ server: TestServer, _ caller: Browser, types: Set<String>? = nil) async throws {
        let routes = server.server.routes.routes.filter { $0.isAboutObject }
        #expect(routes.count > 200)
        for route in routes where types?.contains(route.requirement.scopeOfObject ?? "") ?? true {
            for (there, absent) in pairs(route) {
                for query in route.method == .get ? ["", "?decode=true", "?aggregate=true&slim=Meta"] : [""] {
                    for headers in [[:], [.ifMatch: "*"], [.ifNoneMatch: "*"]] as [HTTPFields] {
                        let one = try await told(route, there, query, headers, to: caller)
                        let other = try await told(route, absent, query, headers, to: caller)
                        #expect(one.text == other.text, "\(route) \(query) \(headers)")
                        // What has no etag knows no conditions.
                        let isConditional = headers != [:] && one.status == 412
                        #expect(one.status == 404 || isConditional, "\(route): \(one.text)")
                    }
                }
            }
        }
    }

    @Test func `whoever has no claims cannot tell a hidden object from an absent one`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            try await Self.makeObjects(browser)
            try await Self.requireAlike(server, Nobody.make(browser))
        }
    }

    @Test func `whoever may do everything with another object cannot tell a hidden one from an absent one`()
        async throws
    {
        let server = try await TestServer()
        try await server.browse { browser in
            try await Self.makeObjects(browser)
            try await Self.requireAlike(server, Clerk.make(browser, [["*", "*", "other"]]))
        }
    }

    @Test func `a tenant's user who may do everything cannot tell a hidden object from an absent one`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            try await Self.makeObjects(browser)
            let clerk = try await Clerk.make(browser, [["*", "*", "*"]])
            let types = Self.named + ["templates", "machines", "leases", "reservations"]
            let members = JSONObject(types.map { ($0, ["other"]) })
            let tenant: JSONValue = ["Name": "acme", "Users": ["clerk"], "Members": .object(members)]
            #expect(try await browser.send(.post, "/api/v3/tenants", tenant).status == 201)
            try await Self.requireAlike(server, clerk, types: Set(types))
        }
    }

    @Test func `whoever may get an object is told that they may not change it`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            try await Self.makeObjects(browser)
            let reader = try await Clerk.make(browser, [["*", "get", "*"]], "reader")
            for route in server.server.routes.routes where route.isAboutObject {
                guard let (there, absent) = Self.pairs(route).last, route.requirement.scopeOfObject == "profiles" else {
                    continue
                }
                let one = try await Self.told(route, there, "", [:], to: reader)
                let other = try await Self.told(route, absent, "", [:], to: reader)
                let isRead = route.requirement == .claim(scope: "profiles", action: "get")
                #expect(one.status == (isRead ? 200 : 403), "\(route): \(one.text)")
                #expect(other.status == 404, "\(route): \(other.text)")
            }
            let opened = try await reader.get("/api/v3/profiles/hidden-thing?decode=true")
            #expect(opened.status == 403 && opened.text.contains("Requires: profiles getSecure hidden-thing"))
        }
    }

    @Test func `whoever may change an object without getting it changes it`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            try await Self.makeObjects(browser)
            let writer = try await Clerk.make(browser, [["profiles", "update:/Description,delete", "*"]], "writer")
            let path = "/api/v3/profiles/hidden-thing"
            let describe: JSONValue = [["op": "add", "path": "/Description", "value": "x"]]
            #expect(try await writer.get(path).status == 404)
            #expect(try await writer.send(.patch, path, describe).status == 200)
            #expect(try await writer.send(.put, path, ["Name": "hidden-thing"]).status == 404)
            #expect(try await writer.send(.delete, path).status == 200)
        }
    }

    @Test func `preferences are an empty map without the right to list them and no object for who may not set them`()
        async throws
    {
        let server = try await TestServer()
        try await server.browse { browser in
            let nobody = try await Nobody.make(browser)
            let answer = try await nobody.get("/api/v3/prefs")
            #expect(answer.status == 200 && answer.text == "{}")
            let set = try await nobody.send(.post, "/api/v3/prefs", ["logLevel": "info"])
            #expect(set.status == 403 && set.text.contains("Requires: preferences post "))
        }
    }

    @Test func `a refusal that hides an object is counted and logged as one for want of rights`() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let nobody = try await Nobody.make(browser)
            #expect(try await nobody.get("/api/v3/profiles/global").status == 404)
            #expect(server.logs.lines.contains { $0.value["Message"] == "request denied" })
            #expect(server.server.services.metrics.text.contains("muster_requests_denied_total 1"))
        }
    }
}
