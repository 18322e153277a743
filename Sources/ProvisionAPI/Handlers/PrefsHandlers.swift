import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Provisioning
import Tracker

/// The preferences as one map (C §13): it is a list, and so empty without the right to it (C §7.2).
enum PrefsHandlers {
    static var routes: [Route] {
        [
            Route(.get, "/prefs", .list(scope: "preferences"), list),
            Route(.post, "/prefs", .claim(scope: "preferences", action: "post"), body: .json, set),
        ]
    }

    private static func list(_ call: RequestContext) throws -> Answer {
        let listed = listed(call.snapshot, call)
        return try call.conditional(.json(listed), "prefs", etag: etag(of: listed))
    }

    /// The validator of the map: made from it, since it is of many objects.
    private static func etag(of listed: JSONValue) -> String {
        var digest = Digest()
        digest.add(listed.canonicalBytes())
        return "\"\(Base64.encode(Array(digest.bytes.prefix(18))))\""
    }

    private static func set(_ call: RequestContext) async throws -> Answer {
        let values = try call.bodyObject("prefs")
        let seen = call.readAuthorization()["preferences"]
        if let hidden = values.keys.first(where: { !seen.isListed(ByteString($0)) }) {
            throw TrackerError.notFound("prefs", hidden)
        }
        let condition = call.writeCondition
        return try await call.writeValues { draft throws(TrackerError) in
            if let condition {
                let present = etag(of: listed(draft.view, call))
                try draft.demand(condition, "prefs", key: "", etag: present)
            }
            return try draft.setPreferences(values)
        } answer: {
            answer(listed($0.snapshot, call))
        }
    }

    private static func answer(_ listed: JSONValue) -> WriteAnswer {
        var answer = WriteAnswer(listed, status: .created)
        answer.etag = etag(of: listed)
        return answer
    }

    private static func listed(_ snapshot: Snapshot, _ call: RequestContext) -> JSONValue {
        let seen = call.readAuthorization()["preferences"]
        return .object(Preferences(snapshot).listed.filter { name, _ in seen.sees(ByteString(name), claimed: name) })
    }
}
