import Content
import HTTPTypes
import Hummingbird
import JSON
import Tracker

/// Content packs (C §14.2).
enum ContentsHandlers {
    static var routes: [Route] {
        let one = "/contents/{key}"
        return [
            Route(.get, "/contents", .claim(scope: "contents", action: "list"), list),
            Route(.post, "/contents", .claim(scope: "contents", action: "create"), body: .json, create),
            Route(.get, one, .claim(scope: "contents", action: "get"), get),
            Route(.put, one, .claim(scope: "contents", action: "update"), body: .json, replace),
            Route(.delete, one, .claim(scope: "contents", action: "delete"), remove),
        ]
    }

    private static func list(_ call: Call) -> Response {
        .json(.array(call.snapshot.stack.layers.map { call.services.packs.summary(of: $0, in: call.snapshot) }))
    }

    private static func get(_ call: Call) throws -> Response {
        let layer = try layer(call["key"], in: call.snapshot.stack)
        return .json(call.services.packs.content(of: layer, in: call.snapshot))
    }

    private static func create(_ call: Call) async throws -> Response {
        let layer = try call.services.packs.layer(from: call.json, over: call.snapshot.stack)
        let replacesWritable = call.query.isSet("replaceWritable")
        let commit = try await call.commit { draft throws(TrackerError) -> PackResult? in
            guard draft.view.stack[layer.name] == nil else { return nil }
            return try draft.push(layer, replacingWritable: replacesWritable)
        }
        guard let result = commit.value else {
            throw APIError(409, "POST", of: "contents", key: layer.name, "Content \(layer.name) already exists")
        }
        return summary(of: result, in: commit.snapshot, call, status: .created)
    }

    private static func replace(_ call: Call) async throws -> Response {
        let name = call["key"]
        let replacesWritable = call.query.isSet("replaceWritable")
        try checkUploaded(name, in: call.snapshot.stack)
        let layer = try call.services.packs.layer(from: call.json, over: call.snapshot.stack)
        guard layer.name == name else {
            throw TrackerError(
                .keyChanged, "contents", key: name, "contents: Key change from \(name) to \(layer.name) not allowed")
        }
        let commit = try await call.commit { draft throws(TrackerError) in
            try checkUploaded(name, in: draft.view.stack)
            return try draft.push(layer, replacingWritable: replacesWritable)
        }
        return summary(of: commit.value, in: commit.snapshot, call)
    }

    private static func remove(_ call: Call) async throws -> Response {
        let name = call["key"]
        _ = try await call.commit { draft throws(TrackerError) in
            try checkUploaded(name, in: draft.view.stack)
            try draft.removePack(name)
        }
        return .noContent
    }

    private static func layer(_ name: String, in stack: LayerStack) throws(TrackerError) -> Layer {
        guard let layer = stack[name] else {
            throw TrackerError(.notFound, "contents", key: name, "No such content store")
        }
        return layer
    }

    /// Packs that did not come through this API are not for it to change.
    private static func checkUploaded(_ name: String, in stack: LayerStack) throws(TrackerError) {
        let layer = try layer(name, in: stack)
        guard layer.kind == .dynamic else {
            let message = "Content \(name) is the server's own: only uploaded content can be replaced or removed"
            throw TrackerError(.readOnly, "contents", key: name, message)
        }
    }

    private static func summary(
        of result: PackResult, in snapshot: Snapshot, _ call: Call, status: HTTPResponse.Status = .ok
    ) -> Response {
        .json(call.services.packs.summary(of: result.layer, in: snapshot, warnings: result.warnings), status: status)
    }
}
