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

    private static func list(_ call: Call) -> Response { .json(listed(call.snapshot)) }

    private static func set(_ call: Call) async throws -> Response {
        let values = try call.bodyObject("prefs")
        return try await call.writeValues { draft throws(TrackerError) in
            try draft.setPreferences(values)
        } answer: {
            WriteAnswer(listed($0.snapshot), status: .created)
        }
    }

    private static func listed(_ snapshot: Snapshot) -> JSONValue {
        .object(JSONObject(Preferences(snapshot).listed.mapValues { .string($0) }))
    }
}
