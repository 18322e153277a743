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
        return .json(
            .object(
                try await changed(call) { draft throws(TrackerError) in
                    try draft.setParams(prefix, at: key, to: params)
                }))
    }

    private func patch(_ call: Call) async throws -> Response {
        let patch = call.patch
        let key = call["key"]
        return .json(
            .object(
                try await changed(call) { draft throws(TrackerError) in
                    try draft.patchParams(prefix, at: key, patch)
                }))
    }

    private func set(_ call: Call) async throws -> Response {
        let (key, name, value) = (call["key"], call["name"], call.json)
        let params = try await changed(call) { draft throws(TrackerError) in
            try draft.setParam(prefix, at: key, name, to: value)
        }
        return .json(params[name] ?? .null)
    }

    private func remove(_ call: Call) async throws -> Response {
        try call.checkVisible(prefix)
        let (key, name) = (call["key"], call["name"])
        let commit = try await call.commit { draft throws(TrackerError) in
            try draft.removeParam(prefix, at: key, name)
        }
        return .json(commit.value)
    }

    /// Commits a change, and gives the params after it.
    private func changed(
        _ call: Call, _ change: @Sendable (inout Draft) throws(TrackerError) -> Void
    ) async throws -> JSONObject {
        try call.checkVisible(prefix)
        let key = call["key"]
        let commit = try await call.commitValues(key: key) { draft throws(TrackerError) in
            try change(&draft)
            return try draft.object(prefix, at: key)
        }
        return Self.params(of: commit.value)
    }

    private static func params(of object: StoredObject) -> JSONObject {
        object.document.member("Params")?.value().objectValue ?? [:]
    }
}
