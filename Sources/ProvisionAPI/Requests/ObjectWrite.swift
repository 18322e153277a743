import HTTPServing
import Tracker

/// A write of one object, before anything is done about it.
struct ObjectWrite: Sendable {
    /// The object's type.
    let typeName: TypeName
    /// Works on a draft, and gives the object that it changed.
    let body: @Sendable (inout Draft) throws(TrackerError) -> StoredObject
    /// What the client is told, of the object as it stands after all that followed from its change.
    let answer: @Sendable (StoredObject) -> WriteAnswer

    init(
        _ typeName: TypeName, _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> StoredObject,
        answer: @escaping @Sendable (StoredObject) -> WriteAnswer
    ) {
        self.typeName = typeName
        self.body = body
        self.answer = answer
    }

    /// The object as it stands after a commit of the write.
    func changed(_ committed: DataTracker.Committed<StoredObject>) -> StoredObject { committed.object(typeName) }
}

extension Reply {
    /// The answer to a write of one object, once it is durable; under an `Idempotency-Key` it is kept together with it.
    ///
    /// - Throws: a refusal of a dry run, which is for more than one object.
    static func write(_ write: ObjectWrite, _ call: RequestContext) throws(TrackerError) -> Reply {
        guard call.session.answerKey == nil else { return .task { try await call.write(write) } }
        try call.refuseDryRun()
        let request = call.trackerRequest
        return .pending { done in
            call.tracker.commit(request, write.body, keeping: write.changed) { outcome in
                done(outcome.map { write.answer($0).answer }.mapError { $0 })
            }
        }
    }
}
