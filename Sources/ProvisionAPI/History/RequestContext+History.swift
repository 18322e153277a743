import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Tracker

extension RequestContext {
    /// The number of a revision in the path or the query.
    ///
    /// - Throws: a refusal when it is no number.
    func revision(_ text: String) throws(APIError) -> Revision {
        guard let number = UInt64(text) else {
            throw badRequest(of: "history", key: text, "A revision is a whole number, not `\(text)`")
        }
        return Revision(number)
    }

    /// The revision at which a page of history goes on.
    ///
    /// - Throws: a refusal when it is no cursor, or of commits that this store does not have.
    func historyCursor(_ text: String) throws(APIError) -> Revision {
        guard let cursor = EventCursor(text) else {
            throw badRequest(of: "history", key: text, "`\(text)` is no cursor: use the one that the page before gave")
        }
        let newest = tracker.snapshot.revision
        guard tracker.epochs.wrote(cursor.revision, mark: cursor.epoch, newest: newest) else {
            let message = "\(cursor) is of commits that this store does not have: begin without a cursor"
            throw APIError(410, "GET", of: "history", key: text, message)
        }
        return cursor.revision
    }

    /// A time in the query; nil without one.
    ///
    /// - Throws: a refusal when it is no time of RFC 3339.
    func time(_ name: String) throws(APIError) -> Timestamp? {
        guard let text = query[name], !text.isEmpty else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw badRequest(of: "history", "\(name) must be a time such as 2030-12-31T23:59:59Z, not `\(text)`")
        }
        return time
    }

    /// How many rows the client wants.
    ///
    /// - Throws: a refusal when `limit` is no number from 1 to `most`.
    func limit(_ usual: Int, most: Int = 1000) throws(APIError) -> Int {
        guard let text = query["limit"], !text.isEmpty else { return usual }
        guard let limit = Int(text), limit > 0 else {
            throw badRequest(of: "history", "limit must be a number from 1 to \(most), not `\(text)`")
        }
        return min(limit, most)
    }

    /// How many rows the client wants to pass over.
    ///
    /// - Throws: a refusal when `offset` is no number from 0.
    func offset() throws(APIError) -> Int {
        guard let text = query["offset"], !text.isEmpty else { return 0 }
        guard let offset = Int(text), offset >= 0 else {
            throw badRequest(of: "history", "offset must be a number from 0, not `\(text)`")
        }
        return offset
    }

    /// The reason that a body gives; empty without one.
    ///
    /// - Parameter others: what else the body may hold.
    /// - Throws: a refusal when the reason is no text, or the body holds something unknown.
    func reason(in body: JSONObject, beside others: Set<Identifier> = []) throws(APIError) -> String {
        let known = others.union(["reason"])
        if let other = body.keys.first(where: { !known.contains(Identifier($0)) }) {
            throw badRequest(
                of: "changes", "`\(other)` in the body is none of \(known.sorted().map(\.text).joined(separator: ", "))"
            )
        }
        guard let reason = body["reason"], !reason.isNull else { return "" }
        guard let text = reason.stringValue else {
            throw badRequest(of: "changes", "reason must be text, not \(reason.kindName)")
        }
        return text
    }

    /// Whether the client asks for the state of another time.
    var asksForPast: Bool { query["revision"] != nil || query["at"] != nil }

    /// The call as it is answered: with `revision=` or `at=` from the state of then, or else from the newest.
    ///
    /// - Throws: `notFound` or `forgotten` when there is no such state, a refusal when nothing of the past is kept of what the
    ///   path names.
    func atTime() async throws -> RequestContext {
        guard asksForPast else { return self }
        let query = query
        guard method == .get || method == .head else {
            let remedy = "a change set's ifMatch guards a write"
            throw badRequest("revision= and at= are for reads, not for \(method): \(remedy)")
        }
        guard query["revision"] == nil || query["at"] == nil else {
            throw badRequest(of: "history", "revision= and at= both name a state: give one")
        }
        guard route.inputs.arguments.isSuperset(of: RouteInputs.past) else {
            throw badRequest("revision= and at= are answered for objects only, not for \(path.path)")
        }
        let revision: Revision
        if let text = query["revision"] {
            revision = try self.revision(text)
        } else if let time = try time("at") {
            revision = try await tracker.revision(at: time)
        } else {
            throw badRequest(of: "history", "at must be a time such as 2030-12-31T23:59:59Z")
        }
        var call = self
        let (tracker, scope) = (tracker, scope)
        call.session.snapshot = try await whileClientStays { try await tracker.snapshot(at: revision, scope) }
        call.session.accessSnapshot = tracker.snapshot
        // What the path named then may be another object than what it names now.
        try call.authorize()
        return call
    }

    /// One object, where it is clear which, since that is cheaper.
    private var scope: DataTracker.PastScope {
        guard path.segments.count == 2, let type = tracker.catalog[TypeName(path.segments[0])] else {
            return .everything
        }
        let key = path.segments[1]
        if key.utf8.contains(UInt8(ascii: ":")) || query.isSet("aggregate") { return .everything }
        let id = ObjectID(type.typeName, type.key.bytes(ofPath: key))
        return .objects(type.traits.contains(.parameters) ? [id, SealingKeys.id(of: id)] : [id])
    }
}
