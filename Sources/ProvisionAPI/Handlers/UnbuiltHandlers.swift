import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// What dr-provision's clients may ask of parts that this server does not have yet (C §22): it is said so, with the part's name.
enum UnbuiltHandlers {
    /// A part, and what is asked of it.
    private struct Part {
        let name: String
        /// Methods and paths; the paths' variables stand for any text.
        let requests: [(methods: [HTTPRequest.Method], path: String)]

        init(_ name: String, _ requests: ([HTTPRequest.Method], String)...) {
            self.name = name
            self.requests = requests.map { (methods: $0.0, path: $0.1) }
        }

        /// A part of whose objects there are none.
        init(_ name: String, objects typeName: String) {
            let one = "/\(typeName)/{key...}"
            self.init(name, ([.get, .post], "/\(typeName)"), ([.get, .put, .patch, .post, .delete], one))
        }
    }

    static var routes: [Route] {
        parts.flatMap { part in
            part.requests.flatMap { request in
                request.methods.map { method in
                    Route(method, request.path, .account) { call in throw refusal(part.name, call) }
                }
            }
        }
    }

    /// The refusal of a request of a part that is not built.
    static func refusal(_ part: String, _ call: RequestContext) -> APIError {
        let message = "This server has no \(part) yet: \(call.method) \(call.path.path) is not implemented"
        return APIError(
            501, APIError.type(of: call.method), of: call.path.segments.first ?? "", key: call["key"], message)
    }

    private static let parts: [Part] =
        [
            Part(
                "plug-ins", ([.post, .put, .patch, .delete], "/plugin_providers/{key...}"),
                ([.get], "/plugin_providers/{key}/binary"), ([.get], "/system/actions"),
                ([.get, .post], "/system/actions/{name}"))
        ]
        + [
            "activities", "alerts", "batches", "clusters", "connections", "content_archives", "filters",
            "identity_providers", "pipelines", "resource_brokers", "store_objects",
            "ux_options", "ux_settings", "ux_views", "zones",
        ].map { Part("objects of the type \($0)", objects: $0) }
}
