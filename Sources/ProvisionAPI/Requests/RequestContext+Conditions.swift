import Basics
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// Conditions on the state of what a request is about (RFC 9110 §13).
extension RequestContext {
    /// What the client demands of the object before it is written; nil for nothing.
    var writeCondition: WriteCondition? {
        let headers = request.headers
        let (match, noneMatch) = (headers.value(of: .ifMatch), headers.value(of: .ifNoneMatch))
        if match == nil, noneMatch == nil { return nil }
        return WriteCondition(match: EntityTags(match)?.strong, noneMatch: EntityTags(noneMatch)?.weak)
    }

    /// Demands of a read that the object is as `If-Match` says.
    ///
    /// - Throws: `preconditionFailed`.
    func demandMatch(_ typeName: TypeName, key: String, etag: String) throws(TrackerError) {
        guard let tags = EntityTags(request.headers.value(of: .ifMatch))?.strong else { return }
        guard let message = WriteCondition(match: tags).failure(etag) else { return }
        throw TrackerError(.preconditionFailed, typeName, key: key, message)
    }

    /// Refuses conditions on a write of what has no validator, since nothing would look at them.
    ///
    /// - Throws: `preconditionFailed`.
    func refuseUnusedConditions() throws(TrackerError) {
        guard method != .get, method != .head, request.headers.has(.ifMatch) || request.headers.has(.ifNoneMatch),
            route.inputs.headers.isDisjoint(with: RouteInputs.conditions)
        else { return }
        let message =
            "\(path.path) has no etag, so If-Match and If-None-Match cannot hold of it: leave them out, or send a change set with ifMatch"
        throw TrackerError(.preconditionFailed, "", message)
    }

    /// An answer that a client which knows it already need not be sent again.
    ///
    /// - Throws: `preconditionFailed`, when it is not what `If-Match` demands.
    func conditional(_ answer: Answer, _ typeName: TypeName, etag: String) throws(TrackerError) -> Answer {
        try demandMatch(typeName, key: self["key"], etag: etag)
        if EntityTags(request.headers.value(of: .ifNoneMatch))?.contains(etag) == true { return .notModified(etag) }
        var answer = answer
        answer.headers[.eTag] = etag
        return answer
    }
}
