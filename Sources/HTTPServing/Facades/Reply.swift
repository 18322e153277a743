/// What a handler has to say without waiting.
package enum Reply: Sendable {
    /// The answer.
    case answer(Answer)
    /// The answer comes later, by itself: `begin` starts what leads to it, and calls back once, on any thread.
    case pending(_ begin: @Sendable (_ done: @escaping Completion) -> Void)
    /// The answer takes a task, since something is to be waited for or takes long. The task runs away from event loops.
    case task(_ work: @Sendable () async throws -> Answer)

    /// Takes the answer, or why there is none.
    package typealias Completion = @Sendable (Result<Answer, any Error>) -> Void

    /// The answer, waited for.
    package var value: Answer {
        get async throws {
            switch self {
            case .answer(let answer): answer
            case .pending(let begin):
                try await withCheckedThrowingContinuation { continuation in begin { continuation.resume(with: $0) } }
            case .task(let work): try await work()
            }
        }
    }
}
