import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Provisioning
import Tracker

/// The params of the objects of one type, and the keys for sealing them (C §9).
struct ParamsHandlers: Sendable {
    let type: ObjectType

    var routes: [Route] {
        let all = "/\(typeName)/{key}/params"
        let one = "/\(typeName)/{key}/params/{name...}"
        let read = AccessRequirement.claim(scope: typeName.rawValue, action: "get")
        let write = AccessRequirement.update(typeName, member: "Params")
        return [
            Route(.get, all, read, list),
            Route(.post, all, write, body: .json, replace),
            Route(.patch, all, .patch(typeName, below: "Params"), body: .patch, patch),
            Route(.get, one, read, get),
            Route(.post, one, write, body: .optionalJSON, set),
            Route(.delete, one, write, remove),
            Route(
                .get, "/\(typeName)/{key}/pubkey", .claim(scope: typeName.rawValue, action: "updateSecure"), publicKey),
        ]
    }

    private var typeName: TypeName { type.typeName }

    private func list(_ call: RequestContext) throws -> Answer {
        let object = try call.object(typeName)
        let query = call.query
        try call.checkDecoding([object], of: type)
        let values =
            query.isSet("aggregate")
            ? try resolution(of: object, call).aggregate() : object.params(typeName, call.paramReading)
        let names = query.list("params").map { Set($0.map { Identifier($0) }) }
        let shown = names.map { names in values.filter { name, _ in names.contains(Identifier(name)) } } ?? values
        return try tagged(.json(.object(shown)), object, call)
    }

    /// The answer with the etag of the object, whose params change only with it; none for values that others have a part in.
    private func tagged(_ answer: Answer, _ object: StoredObject, _ call: RequestContext) throws -> Answer {
        guard !call.query.isSet("aggregate"), !call.query.isSet("compose"), call.paramReading == nil else {
            return answer
        }
        return try call.conditional(answer, typeName, etag: call.snapshot.etag(of: object))
    }

    /// A param that the object does not have is `null`.
    private func get(_ call: RequestContext) throws -> Answer {
        let object = try call.object(typeName)
        let name = call["name"]
        let query = call.query
        try call.checkDecoding([object], of: type)
        if query.isSet("compose") { return .json(try resolution(of: object, call).composed(name) ?? .null) }
        if query.isSet("aggregate") { return .json(try resolution(of: object, call).valueOrDefault(of: name) ?? .null) }
        let value = object.document.member(at: ["Params", name])?.value() ?? .null
        let shown = call.paramReading?(name, value, ObjectID(typeName, object.key)) ?? value
        return try tagged(.json(shown), object, call)
    }

    private func resolution(of object: StoredObject, _ call: RequestContext) throws(TrackerError) -> ParamResolution {
        try ParamResolution(of: object, typeName, in: call.snapshot, reading: call.paramReading)
    }

    /// The key for which clients seal values for the object; made when first asked for.
    private func publicKey(_ call: RequestContext) async throws -> Answer {
        let holder = ObjectID(typeName, try call.object(typeName).key)
        if let pair = call.snapshot.sealingKeys(of: holder) { return Self.json(pair) }
        let pair = try await call.tracker.commit(call.trackerRequest.because(of: "a key for sealed values")) {
            (draft) throws(TrackerError) in
            _ = try draft.object(typeName, at: holder.key.string)
            return try draft.sealingKeys(of: holder)
        }.value
        return Self.json(pair)
    }

    private static func json(_ pair: KeyPair) -> Answer { .json(.string(Base64.encode(pair.publicKey))) }

    private func replace(_ call: RequestContext) async throws -> Answer {
        let params = try call.bodyObject("Params")
        let key = call["key"]
        return try await change(call, as: Self.part()) { draft throws(TrackerError) in
            try draft.setParams(typeName, at: key, to: params)
        } answer: {
            .object($0)
        }
    }

    private func patch(_ call: RequestContext) async throws -> Answer {
        let patch = call.patch
        let key = call["key"]
        return try await change(call, as: .patch(patch, below: "Params")) { draft throws(TrackerError) in
            try draft.patchParams(typeName, at: key, patch)
        } answer: {
            .object($0)
        }
    }

    private func set(_ call: RequestContext) async throws -> Answer {
        let (key, name, value) = (call["key"], call["name"], call.json)
        return try await change(call, as: Self.part(name)) { draft throws(TrackerError) in
            try draft.setParam(typeName, at: key, name, to: value)
        } answer: {
            $0[name] ?? .null
        }
    }

    private func remove(_ call: RequestContext) async throws -> Answer {
        let (key, name, condition) = (call["key"], call["name"], call.writeCondition)
        return try await call.write { draft throws(TrackerError) in
            try draft.demand(condition, typeName, at: key, as: Self.part(name))
            return try draft.removeParam(typeName, at: key, name)
        } answer: {
            WriteAnswer($0.value)
        }
    }

    /// What a client does who sets or removes one param, or all of them.
    private static func part(_ name: String? = nil) -> WriteIntent {
        .part(JSONPointer(tokens: ["Params"] + (name.map { [$0] } ?? [])))
    }

    /// Commits a change, and answers with what `answer` makes of the params after it.
    private func change(
        _ call: RequestContext, as intent: WriteIntent,
        _ change: @escaping @Sendable (inout Draft) throws(TrackerError) -> Void,
        answer: @escaping @Sendable (JSONObject) -> JSONValue
    ) async throws -> Answer {
        let (key, condition) = (call["key"], call.writeCondition)
        return try await call.writeValues(key: key) { draft throws(TrackerError) in
            try draft.demand(condition, typeName, at: key, as: intent)
            try change(&draft)
            return try draft.object(typeName, at: key)
        } answer: {
            WriteAnswer(answer($0.value.params(typeName, nil)))
        }
    }
}
