import Basics
import JSON

/// What a client demands of an object before it is written: `If-Match` and `If-None-Match` (RFC 9110 §13.1).
public struct WriteCondition: Sendable {
    /// Some validators.
    public enum Tags: Sendable, Hashable {
        /// `*`: that of any object that there is.
        case any
        /// These.
        case of([String])

        /// Whether the object with the validator `etag`, nil if there is none, is meant.
        func contain(_ etag: String?) -> Bool {
            guard let etag else { return false }
            return switch self {
            case .any: true
            case .of(let tags): tags.contains { $0.hasSameUTF8(as: etag) }
            }
        }
    }

    /// The object must have one of these; nil for no such demand. Weak ones never match and are not among them.
    let match: Tags?
    /// The object must have none of these; nil for no such demand.
    let noneMatch: Tags?

    /// A condition.
    public init(match: Tags? = nil, noneMatch: Tags? = nil) {
        (self.match, self.noneMatch) = (match, noneMatch)
    }

    /// Why what has the validator `etag`, nil if there is nothing, is not as demanded; nil if it is.
    public func failure(_ etag: String?) -> String? {
        let state = etag.map { "it has the etag \($0)" } ?? "it does not exist"
        if let match, !match.contain(etag) {
            return "the object is not as expected: \(state), ifMatch is \(match). Read it again"
        }
        if let noneMatch, noneMatch.contain(etag) {
            return "the object is not as expected: \(state), ifNoneMatch is \(noneMatch). Read it again"
        }
        return nil
    }
}

extension WriteCondition.Tags: CustomStringConvertible {
    /// The tags as a header lists them.
    public var description: String {
        switch self {
        case .any: "*"
        case .of(let tags): tags.isEmpty ? "without a strong etag" : tags.joined(separator: ", ")
        }
    }
}

extension Draft {
    /// Demands that an object is as a client expects. One that does not exist is not found, whatever is demanded of it.
    ///
    /// - Parameter intent: what the client says that it does: who may not do it is not told of the object's state.
    /// - Throws: `denied`, `notFound`, `preconditionFailed`.
    public func demand(
        _ condition: WriteCondition?, _ typeName: TypeName, at path: String, as intent: WriteIntent
    ) throws(TrackerError) {
        guard let condition else { return }
        try admit(intent, type(typeName), at: path)
        let object = try object(typeName, at: path)
        try demand(condition, typeName, key: path, etag: view.etag(of: object))
    }

    /// Demands of an object that is to be created, that what has its key is as a client expects.
    ///
    /// - Throws: `preconditionFailed`.
    public func demand(_ condition: WriteCondition?, ofNew object: AdmittedObject) throws(TrackerError) {
        guard let condition else { return }
        let (type, key) = (object.type, object.type.key.key(of: object.object))
        let id = ObjectID(type.typeName, type.key.bytes(key))
        let found = request.authorization?.sees(id, in: view) == false ? nil : view[id]
        try demand(condition, type.typeName, key: key, etag: found.map(view.etag))
    }

    /// Demands that what has the validator `etag`, nil if there is nothing, is as a client expects.
    ///
    /// - Throws: `preconditionFailed`.
    public func demand(
        _ condition: WriteCondition, _ typeName: TypeName, key: String, etag: String?
    ) throws(TrackerError) {
        guard let message = condition.failure(etag) else { return }
        throw TrackerError(.preconditionFailed, typeName, key: key, message)
    }
}
