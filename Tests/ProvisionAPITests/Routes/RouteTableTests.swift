import Access
import HTTPTypes
import JSON
import Provisioning
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

@Suite struct RouteTableTests {
    static let table: ProvisionAPI.RouteTable = {
        let scopes = Scopes(.provisioning, [Provisioning.domain()])
        return ProvisionAPI.RouteTable(
            Routes.all(
                Catalog(
                    AccessTypes.guarding(
                        [Provisioning.domain()], scopes: scopes, conventions: .provisioning)),
                version: "v4.8.0"))
    }()

    struct Case: Sendable, CustomTestStringConvertible {
        let method: HTTPRequest.Method
        let target: String
        let route: String
        var values: [String: String] = [:]
        var testDescription: String { "\(method) \(target)" }

        init(_ method: HTTPRequest.Method, _ target: String, _ route: String, _ values: [String: String] = [:]) {
            self.method = method
            self.target = target
            self.route = route
            self.values = values
        }
    }

    @Test(arguments: [
        Case(.get, "/api/v3/machines", "GET /api/v3/machines"),
        Case(.head, "/api/v3/machines", "GET /api/v3/machines"),
        Case(.get, "/api/v3/machines/x", "GET /api/v3/machines/{key...}", ["key": "x"]),
        Case(.get, "/api/v3/params/ipmi/enabled", "GET /api/v3/params/{key...}", ["key": "ipmi/enabled"]),
        Case(.get, "/api/v3/params/ipmi%2Fenabled", "GET /api/v3/params/{key...}", ["key": "ipmi/enabled"]),
        Case(
            .get, "/api/v3/machines/x/params/change-stage/map", "GET /api/v3/machines/{key}/params/{name...}",
            ["key": "x", "name": "change-stage/map"]),
        Case(
            .delete, "/Fred/api/v3/machines/Name%3Abob/params/a", "DELETE /api/v3/machines/{key}/params/{name...}",
            ["key": "Name:bob", "name": "a"]),
        Case(.patch, "/api/v3/machines/x/params/", "PATCH /api/v3/machines/{key}/params", ["key": "x"]),
        Case(.delete, "/api/v3/machines/x/params", "DELETE /api/v3/machines/{key...}", ["key": "x/params"]),
        Case(.get, "/api/v3/params/a/params", "GET /api/v3/params/{key...}", ["key": "a/params"]),
        Case(.get, "/api/v3/meta/params/a/b", "GET /api/v3/meta/params/{key...}", ["key": "a/b"]),
        Case(.get, "/api/v3/users/bob/token", "GET /api/v3/users/{key}/token", ["key": "bob"]),
        Case(.get, "/api/v3/users/bob", "GET /api/v3/users/{key...}", ["key": "bob"]),
        Case(.get, "/api/v3/jobs/x/plugin_actions", "GET /api/v3/jobs/{key}/plugin_actions", ["key": "x"]),
        Case(.get, "/api/v3/plugin_providers", "GET /api/v3/plugin_providers"),
        Case(.get, "/api/v3/health", "GET /api/v3/health"),
        Case(.get, "/health", "GET /health"),
        Case(.get, "/", "GET /"),
    ])
    func `a request finds its route`(request: Case) {
        let path = RequestPath(request.target, endpoint: "Fred")
        let route = Self.table.route(request.method, path)
        #expect(route?.description == request.route)
        for (name, value) in request.values {
            #expect(route?.pattern.value(of: name, in: path.segments) == value)
        }
    }

    @Test(arguments: [
        Case(.get, "/api/v3/freds/john", ""), Case(.post, "/api/v3/machines/x", ""), Case(.put, "/api/v3/machines", ""),
        Case(.get, "/api/v3/preferences", ""), Case(.post, "/api/v3/plugin_providers", ""), Case(.get, "/machines", ""),
        Case(.get, "/api/v3", ""), Case(.get, "/Joe/api/v3/machines", ""), Case(.post, "/health", ""),
    ])
    func `a request without a route finds none`(request: Case) {
        #expect(Self.table.route(request.method, RequestPath(request.target, endpoint: "Fred")) == nil)
    }

    @Test func `every route finds itself`() {
        for route in Self.table.routes {
            let target = route.pattern.description.split(separator: "/", omittingEmptySubsequences: false)
                .map { $0.hasPrefix("{") ? "x" : $0 }.joined(separator: "/")
            let found = Self.table.route(route.method, RequestPath(target, endpoint: "Fred"))
            #expect(found?.description == route.description)
        }
    }

    @Test func `the master list of endpoints is complete but for what is not built`() {
        let names = Set(Self.table.routes.map(\.description))
        for typeName in ["machines", "profiles", "stages", "tasks", "bootenvs", "users", "roles", "tenants", "kk"] {
            #expect(names.contains("POST /api/v3/\(typeName)"))
            #expect(names.contains("GET /api/v3/\(typeName)/{key}/actions"))
            #expect(names.contains("PATCH /api/v3/meta/\(typeName)/{key...}"))
        }
        for typeName in ["machines", "profiles", "stages", "plugins", "endpoints", "kk"] {
            #expect(names.contains("POST /api/v3/\(typeName)/{key}/params/{name...}"))
        }
        #expect(!names.contains("GET /api/v3/params/{key}/actions"))
        #expect(
            names.isSuperset(of: ["GET /api/v3/info", "GET /api/v3/logs", "GET /api/v3/objects", "POST /api/v3/prefs"]))
    }

    @Test func `only what is meant to be open is`() {
        let open = Self.table.routes.filter { $0.requirement == .nothing }.map(\.description)
        #expect(
            Set(open) == [
                "GET /", "GET /swagger-ui", "GET /swagger.json", "GET /health", "GET /api/v3/health",
                // Its callers know the secret of a trigger.
                "POST /api/v3/webhooks/{name}",
            ])
    }

    @Test func `routes of types that come are found, and the others keep their numbers`() throws {
        let cows = RawTypeDeclaration("cows", [:], provider: "farm")
        let domains = [Provisioning.domain(rawTypes: [cows])]
        let catalog = Catalog(
            AccessTypes.guarding(domains, scopes: Scopes(.provisioning, domains), conventions: .provisioning))
        let table = Self.table.updated(Routes.all(catalog, version: "v4.8.0"))
        let old = Self.table.routes.map(\.description)
        #expect(table.routes.prefix(old.count).map(\.description) == old)
        let path = RequestPath("/api/v3/cows/bessie", endpoint: "")
        #expect(Self.table.route(.get, path) == nil)
        #expect(try #require(table.route(.get, path)).description == "GET /api/v3/cows/{key...}")
        #expect(Set(table.routes.map(\.description)).count == table.routes.count)
    }
}
