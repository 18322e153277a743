import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// The annotations of the objects of one type, apart from the rest (C §10).
struct MetaHandlers: Sendable {
    let type: ObjectType

    var routes: [Route] {
        let path = "/meta/\(type.typeName)/{key...}"
        return [
            Route(.get, path, .claim(scope: type.typeName.rawValue, action: "get"), get),
            Route(.patch, path, .patch(type.typeName, below: "Meta"), body: .patch, patch),
        ]
    }

    private func get(_ call: RequestContext) throws -> Answer {
        let object = try call.object(type.typeName)
        return try call.conditional(
            .json(Self.meta(of: object)), type.typeName, etag: call.snapshot.etag(of: object))
    }

    private func patch(_ call: RequestContext) async throws -> Answer {
        let (key, patch, condition) = (call["key"], call.patch, call.writeCondition)
        let intent = WriteIntent.patch(patch, below: "Meta")
        return try await call.write { draft throws(TrackerError) in
            try draft.demand(condition, type.typeName, at: key, as: intent)
            let found = draft.view.resolve(type.typeName, key)?.key.string ?? key
            return try draft.update(type.typeName, at: key, as: intent) { object throws(TrackerError) in
                object["Meta"] = try Draft.apply(patch, to: object["Meta"] ?? [:], type, key: found)
            }
        } answer: {
            WriteAnswer(Self.meta(of: $0.value))
        }
    }

    private static func meta(of object: StoredObject) -> JSONValue { object.document.member("Meta")?.value() ?? [:] }
}
