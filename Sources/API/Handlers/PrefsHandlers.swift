import HTTPTypes
import Hummingbird
import JSON
import Provisioning
import Tracker

/// The preferences as one map (C §13).
enum PrefsHandlers {
    static var routes: [Route] {
        [
            Route(.get, "/prefs", .claim(scope: "preferences", action: "list"), list),
            Route(.post, "/prefs", .claim(scope: "preferences", action: "post"), body: .json, set),
        ]
    }

    private static func list(_ call: Call) -> Response { response(call.snapshot) }

    private static func set(_ call: Call) async throws -> Response {
        let values = try call.bodyObject("prefs")
        let commit = try await call.commitValues { draft throws(TrackerError) in try draft.setPreferences(values) }
        return response(commit.snapshot, status: .created)
    }

    private static func response(_ snapshot: Snapshot, status: HTTPResponse.Status = .ok) -> Response {
        .json(.object(JSONObject(Preferences(snapshot).listed.mapValues { .string($0) })), status: status)
    }
}
