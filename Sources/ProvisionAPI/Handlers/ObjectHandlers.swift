import Basics
import HTTPServing
import HTTPTypes
import JSON
import NIOCore
import Provisioning
import Tracker

/// The generic endpoints of one object type (C §8).
struct ObjectHandlers: Sendable {
    let type: ObjectType
    /// Answers requests to create that mean something else than to keep the body as an object; nil for those that do not.
    var special: (@Sendable (RequestContext) throws -> Reply?)?

    /// The type's routes: reading for all types that clients see, writing for those they may write.
    var routes: [Route] {
        let list = "/\(type.typeName)"
        let one = "/\(type.typeName)/{key...}"
        let reading = [
            Route(.get, list, .list(scope: scope), immediate: self.list),
            Route(.get, one, .claim(scope: scope, action: "get"), immediate: get),
        ]
        guard type.traits.contains(.writable) else { return reading }
        return reading + [
            Route(
                .post, list, .create(type.typeName), body: .json,
                immediate: { try special?($0) ?? .write(create($0), $0) }),
            Route(
                .put, one, .claim(scope: scope, action: "update"), body: .json,
                immediate: { try .write(replace($0), $0) }),
            Route(
                .patch, one, .patch(type.typeName, below: ""), body: .patch, immediate: { try .write(patch($0), $0) }),
            Route(.delete, one, .claim(scope: scope, action: "delete"), delete),
        ]
    }

    private var scope: String { type.typeName.rawValue }

    /// The list, at once if it takes little, else in a task that looks for rows as long as the client is there.
    private func list(_ call: RequestContext) throws -> Reply {
        let query = try ListQuery(arguments: call.query.all, type: type)
        if isBrief(query, call), let answer = try list(call, query, isBrief: true) { return .answer(answer) }
        return .task {
            let answer = try await call.whileClientStays {
                try await CooperativePool.run {
                    let answer = try list(call, query, isBrief: false)
                    return Task.isCancelled ? nil : answer
                }
            }
            guard let answer else { throw ConnectionFailure(cause: ChannelError.ioOnClosedChannel) }
            return answer
        }
    }

    /// Whether a list takes little time, so far as the query tells.
    private func isBrief(_ query: ListQuery, _ call: RequestContext) -> Bool {
        // What is inherited or opened takes longer than the rows tell.
        if call.query.isSet("aggregate") || call.query.isSet("decode") || call.asksForPast { return false }
        let snapshot = call.snapshot
        let isBrief =
            isCounting(call) ? snapshot.isCounted(type.typeName, query) : snapshot.isBrief(type.typeName, query)
        return isBrief && call.rowVisibility(type.typeName) == nil
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
        let body = call.isHead ? Answer.Body.none : try representation(projection, call.snapshot).list(result.objects)
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

    /// How objects are shown: as they are stored, unless they have hidden fields or the client asks for parts of them.
    private func representation(
        _ projection: Projection?, _ snapshot: Snapshot
    ) -> Representation<StoredObject, TrackerError> {
        if let projection {
            return .computed { object throws(TrackerError) in try projection(object, in: snapshot) }
        }
        return type.servesWhole ? .stored : .computed { [type] object in type.served(object) }
    }

    /// An object's own values as a reading has them; nil without one, since filters find those that are kept faster.
    private func own(_ reading: ParamResolution.Reading?) -> ((StoredObject, String) -> JSONValue?)? {
        guard let reading, type.traits.contains(.parameters) else { return nil }
        return { object, name in
            let value = object.document.member(at: ["Params", name])?.value()
            return value.map { reading(name, $0, ObjectID(type.typeName, object.key)) }
        }
    }

    /// The object, at once if it takes little; in a task if it is to be waited for.
    private func get(_ call: RequestContext) throws -> Reply {
        let object = try call.object(type.typeName)
        let headers = call.request.headers
        if headers.has(.ifMatch) {
            try call.demandMatch(type.typeName, key: call["key"], etag: call.snapshot.etag(of: object))
        }
        if headers.has(.ifNoneMatch), let poll = LongPoll(headers) {
            let etag = call.snapshot.etag(of: object)
            if poll.known.contains(etag) {
                if poll.wait == .zero { return .answer(.notModified(etag)) }
                return .task { try await changed(call, poll) }
            }
        }
        guard Projection(call, type)?.isBrief(of: [object]) ?? true else {
            return .task { try response(object, call) }
        }
        return .answer(try response(object, call))
    }

    /// The object once it is other than the client knows it.
    private func changed(_ call: RequestContext, _ poll: LongPoll) async throws -> Answer {
        let path = call["key"]
        let found = try await call.whileClientStays {
            try await poll.object(in: call.snapshot, of: call.tracker, type.typeName, at: path) {
                snapshot throws(TrackerError) in
                try call.object(type.typeName, at: path, in: snapshot)
            }
        }
        guard let found else {
            // Who waited in vain may have lost the right to know even that.
            let later = try await call.renewed(in: call.tracker.snapshot)
            return .notModified(later.snapshot.etag(of: try later.object(type.typeName)))
        }
        guard found.snapshot.revision > call.snapshot.revision else { return try response(found.object, call) }
        let later = try await call.renewed(in: found.snapshot)
        return try response(try later.object(type.typeName), later)
    }

    private func create(_ call: RequestContext) throws -> ObjectWrite {
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
        let projection = Projection(call, type)
        if projection != nil { try call.checkDecoding([object], of: type) }
        var answer = try representation(projection, call.snapshot).answer(object)
        if !(projection?.isDerived ?? false) { answer.headers[.eTag] = call.snapshot.etag(of: object) }
        return answer
    }
}
