import HTTPTypes
import Hummingbird
import JSON
import Provisioning
import Tracker

/// The generic endpoints of one object type (C §8).
struct ObjectHandlers: Sendable {
    let type: ObjectType

    /// The type's routes: reading for all types that clients see, writing for those they may write.
    var routes: [Route] {
        let list = "/\(type.prefix)"
        let one = "/\(type.prefix)/{key...}"
        let reading = [
            Route(.get, list, .claim(scope: scope, action: "list"), self.list),
            Route(.get, one, .claim(scope: scope, action: "get"), get),
        ]
        guard type.traits.contains(.writable) else { return reading }
        return reading + [
            Route(.post, list, .create(type.prefix), body: .json, create),
            Route(.put, one, .claim(scope: scope, action: "update"), body: .json, replace),
            Route(.patch, one, .patch(type.prefix, below: ""), body: .patch, patch),
            Route(.delete, one, .claim(scope: scope, action: "delete"), delete),
        ]
    }

    private var scope: String { type.prefix.rawValue }

    private func list(_ call: Call) throws -> Response {
        let arguments = call.query
        let query = try ListQuery(arguments: arguments.all, type: type)
        let isAggregate = type.traits.contains(.params) && arguments.isSet("aggregate")
        let result = try call.snapshot.list(
            type.prefix, query, isVisible: call.listFilter(type.prefix),
            parameter: isAggregate ? aggregated(call.snapshot) : nil)
        try call.authorizeDecoding(result.objects, of: type)
        var response = call.isHead ? Response.json(ResponseBody()) : .json(body(result, call))
        response.headers[.listCount] = String(result.objects.count)
        response.headers[.listFilterCount] = String(result.filteredCount)
        response.headers[.listTotalCount] = String(result.totalCount)
        return response
    }

    private func body(_ result: ListResult, _ call: Call) -> ResponseBody {
        guard let projection = Projection(call, type) else {
            return type.servesWhole
                ? JSONArrayBody(result.objects).body : JSONArrayBody(result.objects.map { type.served($0) }).body
        }
        return JSONArrayBody(result.objects.map { projection($0, in: call.snapshot) }).body
    }

    private func aggregated(_ snapshot: Snapshot) -> (StoredObject, String) -> JSONValue? {
        { object, name in ParamResolution(of: object, type.prefix, in: snapshot).value(of: name) }
    }

    private func get(_ call: Call) async throws -> Response {
        guard let poll = LongPoll(call.request.headers) else {
            return response(try call.object(type.prefix), call)
        }
        let path = call["key"]
        let found = try await call.whileClientStays {
            try await poll.object(in: call.snapshot, of: call.tracker) { snapshot throws(TrackerError) in
                try call.object(type.prefix, at: path, in: snapshot)
            }
        }
        guard let found else {
            // Who waited in vain may have lost the right to know even that.
            if poll.wait > .zero { _ = try await call.renewed(in: call.tracker.snapshot).object(type.prefix) }
            return .notModified(poll.known.first)
        }
        guard found.snapshot.revision > call.snapshot.revision else { return response(found.object, call) }
        let later = try await call.renewed(in: found.snapshot)
        return response(try later.object(type.prefix), later)
    }

    private func create(_ call: Call) async throws -> Response {
        let input = try call.bodyObject(scope)
        return try await call.write { draft throws(TrackerError) in
            try draft.create(type.prefix, input)
        } answer: {
            answer(to: $0, status: .created)
        }
    }

    private func replace(_ call: Call) async throws -> Response {
        try call.checkVisible(type.prefix)
        let path = call["key"]
        let input = try call.bodyObject(scope)
        return try await call.write { draft throws(TrackerError) in
            try draft.replace(type.prefix, at: path, with: input)
        } answer: {
            answer(to: $0)
        }
    }

    private func patch(_ call: Call) async throws -> Response {
        try call.checkVisible(type.prefix)
        let (path, patch) = (call["key"], call.patch)
        return try await call.write { draft throws(TrackerError) in
            try draft.patch(type.prefix, at: path, patch)
        } answer: {
            answer(to: $0)
        }
    }

    private func delete(_ call: Call) async throws -> Response {
        try call.checkVisible(type.prefix)
        let path = call["key"]
        return try await call.write { draft throws(TrackerError) in
            try draft.remove(type.prefix, at: path)
        } answer: {
            WriteAnswer(type.served($0.value))
        }
    }

    /// The object as it stands after all that followed from its change.
    private func answer(
        to commit: DataTracker.Committed<StoredObject>, status: HTTPResponse.Status = .ok
    ) -> WriteAnswer {
        let object = commit.snapshot[ObjectID(type.prefix, commit.value.key)] ?? commit.value
        return WriteAnswer(type.served(object), status: status, etag: object.etag)
    }

    private func response(_ object: StoredObject, _ call: Call) -> Response {
        guard let projection = Projection(call, type) else { return whole(object) }
        var response = Response.json(projection(object, in: call.snapshot))
        if !projection.isDerived { response.headers[.eTag] = object.etag }
        return response
    }

    private func whole(_ object: StoredObject) -> Response {
        var response = Response.json(type.served(object))
        response.headers[.eTag] = object.etag
        return response
    }
}
