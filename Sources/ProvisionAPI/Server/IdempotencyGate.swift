import Access
import HTTPServing
import HTTPTypes
import JSON
import NIOCore
import Synchronization
import Tracker

/// Answers writes that come a second time under one `Idempotency-Key` as the first time.
///
/// An answer is kept in the transaction of its change, so that a client which heard nothing, even because the server
/// died, can send the request again. What was refused changed nothing and is tried anew.
final class IdempotencyGate: Sendable {
    /// The longest key in bytes.
    static let longestKey = 255

    /// Digests of the keys of requests that are being answered.
    private let running = Mutex<Set<[UInt8]>>([])

    /// Answers `call` by what is kept, or by its handler. Handlers that read their body themselves come here themselves too.
    func answer(_ call: RequestContext) async throws -> Answer {
        switch call.route.body {
        case .streamed, .bytesOrStream: return try await call.route.handler(call).value
        case .none, .json, .optionalJSON, .patch, .form, .bytes: break
        }
        return try await answer(call, call.body.fingerprint) { try await $0.route.handler($0).value }
    }

    /// Answers `call` by what is kept, or by `handler`.
    ///
    /// - Parameter fingerprint: what tells its body from others; made only if there is a key, since it encodes all of the body.
    /// - Throws: status 400 for a key that is too long, 409 while the same request is being answered, 422 when the key was
    ///   used for another request; what the handler throws.
    func answer(
        _ call: RequestContext, _ fingerprint: @autoclosure () -> [UInt8],
        _ handler: @Sendable (RequestContext) async throws -> Answer
    ) async throws -> Answer {
        guard let text = call.request.headers.value(of: .idempotencyKey), call.method != .get, call.method != .head
        else {
            return try await handler(call)
        }
        guard (1...Self.longestKey).contains(text.utf8.count) else {
            throw call.badRequest(
                key: text, "An Idempotency-Key has 1 to \(Self.longestKey) bytes, not \(text.utf8.count)")
        }
        let key = Self.key(text, call, fingerprint())
        let isFirst = running.withLock { $0.insert(key.digest).inserted }
        guard isFirst else {
            throw APIError(
                409, "Conflict", key: text, "A request with this Idempotency-Key is being answered: wait for it")
        }
        defer { _ = running.withLock { $0.remove(key.digest) } }
        switch try await call.tracker.answer(to: key) {
        case .otherRequest: throw Self.misused(text)
        case .answered(let bytes):
            guard let answer = WriteAnswer(encoded: bytes) else { break }
            var kept = answer.answer
            kept.headers[.idempotentReplay] = "true"
            return kept
        case nil: break
        }
        var call = call
        call.session.answerKey = key
        return try await handler(call)
    }

    private static func misused(_ text: String) -> APIError {
        APIError(422, "Conflict", key: text, "The Idempotency-Key was used for another request: choose a new one")
    }

    private static func key(_ text: String, _ call: RequestContext, _ fingerprint: [UInt8]) -> AnswerKey {
        var who = Digest()
        who.add(call.principal?.displayed ?? "")
        who.add(text)
        var what = Digest()
        what.add(call.method.rawValue)
        what.add(call.path.target)
        what.add(fingerprint)
        return AnswerKey(digest: who.bytes, request: what.bytes)
    }
}

extension Body {
    /// Bytes that are the same for two bodies of one meaning.
    fileprivate var fingerprint: [UInt8] {
        switch self {
        case .none, .stream: []
        case .json(let value): value.canonicalBytes()
        case .patch(let patch): patch.value.canonicalBytes()
        case .form(let fields): fields.all.flatMap { Array("\($0.name)=\($0.value)&".utf8) }
        case .bytes(let bytes): Array(bytes.readableBytesView)
        }
    }
}
