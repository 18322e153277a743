import Basics
import HTTPServing
import HTTPTypes
import JSON
import Tracker

extension RequestContext {
    /// Commits what `body` does and answers with what `answer` makes of it; under an `Idempotency-Key`, answers a request that
    /// comes again with the same.
    func write<Value: Sendable>(
        _ request: TrackerRequest? = nil,
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value,
        answer: @escaping @Sendable (DataTracker.Committed<Value>) -> WriteAnswer
    ) async throws(TrackerError) -> Answer {
        try refuseDryRun()
        let request = request ?? trackerRequest
        let isLarge = request.scope.isLarge
        let remembered = session.answerKey.map { key in
            IdempotentResponse<Value>(key) { answer($0).kept(for: self).encoded }
        }
        let made = try await tracker.commit(request, remembering: remembered, body) {
            committed -> @Sendable () -> WriteAnswer in
            // The disk takes its time, and so does a large answer.
            guard isLarge else { return { answer(committed) } }
            let made = answer(committed)
            return { made }
        }
        return made().answer
    }

    /// Writes an object as the other `write` does.
    func write(_ write: ObjectWrite) async throws(TrackerError) -> Answer {
        guard session.answerKey == nil else {
            return try await self.write(nil, write.body) { write.answer(write.changed($0)) }
        }
        try refuseDryRun()
        return write.answer(try await tracker.commit(trackerRequest, write.body, keeping: write.changed)).answer
    }

    /// Refuses to try a write that can only be made.
    func refuseDryRun() throws(TrackerError) {
        guard try isDryRun else { return }
        let message = "dryRun is for change sets, undo and content packs: send this as a change set to /changes"
        throw TrackerError(.undecodable, "", message)
    }

    /// Writes as `write` does. Values that break a rule are refused in the method's name and not as a `ValidationError`: so
    /// clients know it of params and preferences (C §3).
    ///
    /// - Parameter key: the key as it was given, for that refusal.
    func writeValues<Value: Sendable>(
        key: String = "", _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value,
        answer: @escaping @Sendable (DataTracker.Committed<Value>) -> WriteAnswer
    ) async throws -> Answer {
        do throws(TrackerError) {
            return try await write(nil, body, answer: answer)
        } catch {
            guard error.code == .invalid else { throw error }
            var refusal = APIError(error, to: method)
            refusal.type = APIError.type(of: method)
            refusal.key = key
            throw refusal
        }
    }

    /// Writes as `write` does, or, with `dryRun=true`, tells what that would change.
    func writeOrTry<Value: Sendable>(
        _ request: TrackerRequest? = nil,
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value,
        answer: @escaping @Sendable (DataTracker.Committed<Value>) -> WriteAnswer
    ) async throws -> Answer {
        guard try isDryRun else { return try await write(request, body, answer: answer) }
        let (outcome, base) = try tracker.dryRun(request ?? trackerRequest, body)
        let effects = EffectReport(outcome.changes, EffectAuthorization(self, from: base, to: outcome.snapshot))
        return .json(.object(try effects.value(Redaction(base, and: outcome.snapshot))))
    }

    /// Whether the client only wants to know what a write would do.
    ///
    /// `dryRun` counts in any case of letters, and of several one is enough.
    ///
    /// - Throws: a refusal of anything but true and false, since who mistypes it does not want to write.
    var isDryRun: Bool {
        get throws(TrackerError) {
            var isDry = false
            for (name, value) in query.all where name.asciiLowercased.hasSameUTF8(as: "dryrun") {
                switch value.asciiLowercased {
                case "", "true", "1": isDry = true
                case "false", "0": break
                default: throw TrackerError(.undecodable, "", "\(name) must be true or false, not `\(value)`")
                }
            }
            return isDry
        }
    }
}

extension TrackerRequest {
    /// The same request for the reason in a body, which goes before the one in the header.
    func because(of reason: String) -> TrackerRequest {
        guard !reason.isEmpty else { return self }
        var request = self
        request.reason = reason
        return request
    }
}
