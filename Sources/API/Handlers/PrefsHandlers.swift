import Access
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

    private static func list(_ call: Call) -> Answer { .json(listed(call.snapshot, call)) }

    private static func set(_ call: Call) async throws -> Answer {
        let values = try call.bodyObject("prefs")
        let seen = call.sight()["preferences"]
        if let hidden = values.keys.first(where: { !seen.isListed(ByteString($0)) }) {
            throw TrackerError.notFound("prefs", hidden)
        }
        return try await call.writeValues { draft throws(TrackerError) in
            try draft.setPreferences(values)
        } answer: {
            WriteAnswer(listed($0.snapshot, call), status: .created)
        }
    }

    private static func listed(_ snapshot: Snapshot, _ call: Call) -> JSONValue {
        let seen = call.sight()["preferences"]
        return .object(Preferences(snapshot).listed.filter { name, _ in seen.sees(ByteString(name), claimed: name) })
    }
}
