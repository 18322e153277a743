import Basics
import HTTPServing
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Provisioning
import Tracker

/// The generic endpoints of one object type (C §8).
struct ObjectHandlers: Sendable {
    let type: ObjectType
    /// Whether nothing refers to objects of the type, so that a write looks at one object only.
    let areWritesBrief: Bool

    /// The type's routes: reading for all types that clients see, writing for those they may write.
    var routes: [Route] {
        let list = "/\(type.typeName)"
        let one = "/\(type.typeName)/{key...}"
        let reading = [
            Route(.get, list, .list(scope: scope), quick: quickList, self.list),
            Route(.get, one, .claim(scope: scope, action: "get"), quick: quickGet, get),
        ]
        guard type.traits.contains(.writable) else { return reading }
        let isBrief = areWritesBrief
        return reading + [
            Route(.post, list, .create(type.typeName), body: .json, isBrief: isBrief, write: create),
            Route(.put, one, .claim(scope: scope, action: "update"), body: .json, isBrief: isBrief, write: replace),
            Route(.patch, one, .patch(type.typeName, below: ""), body: .patch, isBrief: isBrief, write: patch),
            Route(.delete, one, .claim(scope: scope, action: "delete"), isBrief: isBrief, delete),
        ]
    }

    private var scope: String { type.typeName.rawValue }

    private func quickList(_ call: RequestContext) throws -> Answer? {
        // What is inherited or opened takes longer than the rows tell.
        if call.query.isSet("aggregate") || call.query.isSet("decode") { return nil }
        let query = try ListQuery(arguments: call.query.all, type: type)
        let snapshot = call.snapshot
        let isBrief =
            isCounting(call) ? snapshot.isCounted(type.typeName, query) : snapshot.isBrief(type.typeName, query)
        return isBrief && call.rowVisibility(type.typeName) == nil ? try list(call, query, isBrief: true) : nil
    }

    /// Rows are looked for as long as the client is there.
    private func list(_ call: RequestContext) async throws -> Answer {
        let query = try ListQuery(arguments: call.query.all, type: type)
        let answer = try await call.whileClientStays {
            try await CooperativePool.run {
                let answer = try list(call, query, isBrief: false)
                return Task.isCancelled ? nil : answer
            }
        }
        guard let answer else { throw ConnectionFailure(cause: ChannelError.ioOnClosedChannel) }
        return answer
    }

    /// Whether only counts are asked for. Who asks for opened values is told whether they may have those of this page.
    private func isCounting(_ call: RequestContext) -> Bool { call.isHead && !call.query.isSet("decode") }

    /// - Parameter isBrief: whether there is time for little only.
    /// - Returns: nil if it would take more.
    private func list(_ call: RequestContext, _ query: ListQuery, isBrief: Bool) throws -> Answer? {
        guard call.mayList else { return .list([], isHead: call.isHead) }
        let arguments = call.query
        let isAggregate = type.traits.contains(.parameters) && arguments.isSet("aggregate")
        let readAuthorization = call.rowVisibility(type.typeName)
        let lookup = isAggregate ? aggregateLookup(call) : nil
        let parameter: ((StoredObject, String) -> JSONValue?)? =
            lookup.map { lookup in { lookup.value(of: $1, for: $0) } } ?? own(call.testedReading)
        if isCounting(call) {
            let counts = try call.snapshot.counts(
                type.typeName, query, visibility: readAuthorization, parameter: parameter)
            try lookup?.check()
            return Self.answer(.none, counts.pageCount, counts.filteredCount, counts.totalCount)
        }
        let result = try call.snapshot.list(type.typeName, query, visibility: readAuthorization, parameter: parameter)
        try lookup?.check()
        let projection = Projection(call, type)
        if isBrief, let projection, !projection.isBrief(of: result.objects) { return nil }
        try call.authorizeDecoding(result.objects, of: type)
        try call.checkDecoding(result.objects, of: type)
        try lookup?.resolveAll(result.objects)
        let body = call.isHead ? Answer.Body.none : try body(result, projection, call.snapshot)
        return Self.answer(body, result.objects.count, result.filteredCount, result.totalCount)
    }

    private func aggregateLookup(_ call: RequestContext) -> AggregateLookup {
        AggregateLookup(
            type.typeName, call.snapshot, call.testedReading, within: call.services.configuration.budgets.aggregate)
    }

    private static func answer(_ body: Answer.Body, _ page: Int, _ filtered: Int, _ total: Int) -> Answer {
        var answer = Answer.json(body)
        answer.headers[.listCount] = String(page)
        answer.headers[.listFilterCount] = String(filtered)
        answer.headers[.listTotalCount] = String(total)
        return answer
    }

    private func body(
        _ result: ListResult, _ projection: Projection?, _ snapshot: Snapshot
    ) throws(TrackerError) -> Answer.Body {
        if let projection {
            return try ComposedArrayBody(result.objects) { object throws(TrackerError) in
                try projection(object, in: snapshot)
            }.body()
        }
        if type.servesWhole { return JSONArrayBody(result.objects).body }
        return ComposedArrayBody(result.objects) { [type] object in type.served(object) }.body()
    }

    /// An object's own values as a reading has them; nil without one, since filters find those that are kept faster.
    private func own(_ reading: ParamResolution.Reading?) -> ((StoredObject, String) -> JSONValue?)? {
        guard let reading, type.traits.contains(.parameters) else { return nil }
        return { object, name in
            let value = object.document.member(at: ["Params", name])?.value()
            return value.map { reading(name, $0, ObjectID(type.typeName, object.key)) }
        }
    }

    private func quickGet(_ call: RequestContext) throws -> Answer? {
        let object = try call.object(type.typeName)
        guard Projection(call, type)?.isBrief(of: [object]) ?? true else { return nil }
        return try response(object, call)
    }

    private func get(_ call: RequestContext) async throws -> Answer {
        let path = call["key"]
        if call.request.headers.has(.ifMatch) {
            let object = try call.object(type.typeName)
            try call.demandMatch(type.typeName, key: path, etag: call.snapshot.etag(of: object))
        }
        guard let poll = LongPoll(call.request.headers) else {
            return try await CooperativePool.run { try response(try call.object(type.typeName), call) }
        }
        let found = try await call.whileClientStays {
            try await poll.object(in: call.snapshot, of: call.tracker, type.typeName, at: path) {
                snapshot throws(TrackerError) in
                try call.object(type.typeName, at: path, in: snapshot)
            }
        }
        guard let found else {
            if poll.wait == .zero { return .notModified(call.snapshot.etag(of: try call.object(type.typeName))) }
            // Who waited in vain may have lost the right to know even that.
            let later = try await call.renewed(in: call.tracker.snapshot)
            return .notModified(later.snapshot.etag(of: try later.object(type.typeName)))
        }
        guard found.snapshot.revision > call.snapshot.revision else { return try response(found.object, call) }
        let later = try await call.renewed(in: found.snapshot)
        return try response(try later.object(type.typeName), later)
    }

    private func create(_ call: RequestContext) throws -> ObjectWrite {
        // Whoever names no state wants the machine's next job made (C §15.3), and not this one kept.
        if type.typeName == "jobs",
            try !call.bodyObject(scope).contains(where: { $0.key.asciiLowercased.hasSameUTF8(as: "state") })
        {
            try call.authorizeAsStated()
            throw UnbuiltHandlers.refusal("job runner", call)
        }
        let admitted = try admitted(call)
        let (condition, epochs) = (call.writeCondition, call.tracker.epochs)
        return ObjectWrite(type.typeName) { draft throws(TrackerError) in
            try draft.demand(condition, ofNew: admitted)
            return try draft.create(admitted)
        } answer: {
            answer($0, epochs, status: .created)
        }
    }

    /// The object that a call brings. Those who may not make it are told that, and not what is wrong with it.
    private func admitted(_ call: RequestContext) throws -> AdmittedObject {
        do {
            return try AdmittedObject(call.bodyObject(scope), type)
        } catch {
            try call.authorizeAsStated()
            throw error
        }
    }

    private func replace(_ call: RequestContext) throws -> ObjectWrite {
        let path = call["key"]
        let input = try call.bodyObject(scope)
        let (condition, epochs) = (call.writeCondition, call.tracker.epochs)
        return ObjectWrite(type.typeName) { draft throws(TrackerError) in
            try draft.demand(condition, type.typeName, at: path, as: .replace)
            return try draft.replace(type.typeName, at: path, with: input)
        } answer: {
            answer($0, epochs)
        }
    }

    private func patch(_ call: RequestContext) throws -> ObjectWrite {
        let (path, patch) = (call["key"], call.patch)
        let (condition, epochs) = (call.writeCondition, call.tracker.epochs)
        return ObjectWrite(type.typeName) { draft throws(TrackerError) in
            try draft.demand(condition, type.typeName, at: path, as: .patch(patch))
            return try draft.patch(type.typeName, at: path, patch)
        } answer: {
            answer($0, epochs)
        }
    }

    private func delete(_ call: RequestContext) async throws -> Answer {
        let (path, condition) = (call["key"], call.writeCondition)
        return try await call.write { draft throws(TrackerError) in
            try draft.demand(condition, type.typeName, at: path, as: .remove)
            return try draft.remove(type.typeName, at: path)
        } answer: {
            WriteAnswer(type.served($0.value))
        }
    }

    private func answer(
        _ object: StoredObject, _ epochs: Epochs, status: HTTPResponse.Status = .ok
    ) -> WriteAnswer {
        WriteAnswer(type.served(object), status: status, etag: epochs.etag(of: object))
    }

    private func response(_ object: StoredObject, _ call: RequestContext) throws -> Answer {
        guard let projection = Projection(call, type) else { return whole(object, call) }
        try call.checkDecoding([object], of: type)
        var answer = Answer.json(try projection(object, in: call.snapshot))
        if !projection.isDerived { answer.headers[.eTag] = call.snapshot.etag(of: object) }
        return answer
    }

    private func whole(_ object: StoredObject, _ call: RequestContext) -> Answer {
        var answer = Answer.json(type.served(object))
        answer.isShared = type.servesWhole
        answer.headers[.eTag] = call.snapshot.etag(of: object)
        return answer
    }
}
