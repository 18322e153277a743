import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// The types of later versions that clients of dr-provision may ask for, and this server does not have (C §21): it is said so,
/// with the type's name.
enum UnbuiltHandlers {
    static var routes: [Route] {
        types.flatMap { type in
            let requests: [(HTTPRequest.Method, String)] =
                [(.get, "/\(type)"), (.post, "/\(type)")]
                + [.get, .put, .patch, .post, .delete].map { ($0, "/\(type)/{key...}") }
            return requests.map { method, path in
                Route(method, path, .account) { call in throw refusal(of: type, call) }
            }
        }
    }

    private static func refusal(of type: String, _ call: RequestContext) -> APIError {
        let message =
            "This server has no objects of the type \(type) yet: \(call.method) \(call.path.path) is not implemented"
        return APIError(501, APIError.type(of: call.method), of: type, key: call["key"], message)
    }

    private static let types = [
        "activities", "alerts", "batches", "clusters", "connections", "content_archives", "filters",
        "identity_providers", "pipelines", "resource_brokers", "store_objects", "ux_options", "ux_settings",
        "ux_views", "zones",
    ]
}
