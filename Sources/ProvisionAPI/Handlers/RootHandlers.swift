import Basics
import HTTPServing
import HTTPTypes
import JSON

/// What browsers ask for (C §2): the way to the web console, and a list of what the API answers.
struct RootHandlers: Sendable {
    /// All other routes.
    let listed: [Route]
    let version: String

    var routes: [Route] {
        [
            Route(.get, "/", .nothing, base: .root) { _ in .redirect(to: "/ui") },
            Route(.get, "/swagger-ui", .nothing, base: .root) { _ in .redirect(to: "/swagger.json") },
            Route(.get, "/swagger.json", .nothing, base: .root, swagger),
        ]
    }

    private func swagger(_ call: RequestContext) -> Answer {
        var paths: JSONObject = [:]
        for route in listed where route.isBelowBase {
            let path = route.pattern.swaggerPath
            var operations = paths[path]?.objectValue ?? [:]
            operations[route.method.rawValue.asciiLowercased] = operation(route)
            paths[path] = .object(operations)
        }
        return .json([
            "swagger": "2.0", "basePath": .string(ProvisionSession.basePath), "produces": ["application/json"],
            "info": ["title": "Muster", "version": .string(version)], "paths": .object(paths),
        ])
    }

    private func operation(_ route: Route) -> JSONValue {
        let parameters = route.pattern.parameters.map { name -> JSONValue in
            ["name": .string(name), "in": "path", "required": true, "type": "string"]
        }
        return ["parameters": .array(parameters), "responses": ["default": ["description": "JSON"]]]
    }
}
