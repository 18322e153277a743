import Hummingbird
import JSON
import Provisioning
import Tracker

/// The params of the objects of one type (C §9).
struct ParamsHandlers: Sendable {
    let type: ObjectType

    var routes: [Route] {
        let all = "/\(prefix)/{key}/params"
        let one = "/\(prefix)/{key}/params/{name...}"
        let read = Need.claim(scope: prefix.rawValue, action: "get")
        let write = Need.update(prefix, member: "Params")
        return [
            Route(.get, all, read, list),
            Route(.post, all, write, body: .json, replace),
            Route(.patch, all, .patch(prefix, below: "Params"), body: .patch, patch),
            Route(.get, one, read, get),
            Route(.post, one, write, body: .json, set),
            Route(.delete, one, write, remove),
        ]
    }

    private var prefix: Prefix { type.prefix }

    private func list(_ call: Call) throws -> Response {
        let object = try call.object(prefix)
        let query = call.query
        let values =
            query.isSet("aggregate")
            ? ParamResolution(of: object, prefix, in: call.snapshot).aggregate() : Self.params(of: object)
        guard let names = query.list("params").map({ Set($0) }) else { return .json(.object(values)) }
        return .json(.object(values.filter { name, _ in names.contains(name) }))
    }

    /// A param that the object does not have is `null`.
    private func get(_ call: Call) throws -> Response {
        let object = try call.object(prefix)
        let name = call["name"]
        let query = call.query
        if query.isSet("compose") {
            return .json(ParamResolution(of: object, prefix, in: call.snapshot).composed(name) ?? .null)
        }
        if query.isSet("aggregate") {
            return .json(ParamResolution(of: object, prefix, in: call.snapshot).valueOrDefault(of: name) ?? .null)
        }
        return .json(object.document.member(at: ["Params", name])?.value() ?? .null)
    }

    private func replace(_ call: Call) async throws -> Response {
        let params = try call.bodyObject("Params")
        let key = call["key"]
        return try await change(call) { draft throws(TrackerError) in
            try draft.setParams(prefix, at: key, to: params)
        } answer: {
            .object($0)
        }
    }

    private func patch(_ call: Call) async throws -> Response {
        let patch = call.patch
        let key = call["key"]
        return try await change(call) { draft throws(TrackerError) in
            try draft.patchParams(prefix, at: key, patch)
        } answer: {
            .object($0)
        }
    }

    private func set(_ call: Call) async throws -> Response {
        let (key, name, value) = (call["key"], call["name"], call.json)
        return try await change(call) { draft throws(TrackerError) in
            try draft.setParam(prefix, at: key, name, to: value)
        } answer: {
            $0[name] ?? .null
        }
    }

    private func remove(_ call: Call) async throws -> Response {
        try call.checkVisible(prefix)
        let (key, name) = (call["key"], call["name"])
        return try await call.write { draft throws(TrackerError) in
            try draft.removeParam(prefix, at: key, name)
        } answer: {
            WriteAnswer($0.value)
        }
    }

    /// Commits a change, and answers with what `answer` makes of the params after it.
    private func change(
        _ call: Call, _ change: @escaping @Sendable (inout Draft) throws(TrackerError) -> Void,
        answer: @escaping @Sendable (JSONObject) -> JSONValue
    ) async throws -> Response {
        try call.checkVisible(prefix)
        let key = call["key"]
        return try await call.writeValues(key: key) { draft throws(TrackerError) in
            try change(&draft)
            return try draft.object(prefix, at: key)
        } answer: {
            WriteAnswer(answer(Self.params(of: $0.value)))
        }
    }

    private static func params(of object: StoredObject) -> JSONObject {
        object.document.member("Params")?.value().objectValue ?? [:]
    }
}
