import Store

extension Committer {
    /// Runs `body` between two transactions, when memory and store must agree. Commits wait meanwhile, so it must be short.
    ///
    /// Answers are given on the committing thread, after their transaction is published and before the next begins: an
    /// empty commit's answer is a moment of this kind.
    ///
    /// - Throws: `unavailable` when the store fails, or has failed and not been written to since.
    func quietly<Value: Sendable>(
        _ body: @escaping @Sendable (Snapshot) throws(StoreError) -> Value
    ) async throws(TrackerError) -> Value {
        let result: Result<Value, TrackerError> = await withCheckedContinuation { continuation in
            let pending = Pending(record: nil, extra: WriteBatch()) { outcome in
                continuation.resume(
                    returning: outcome.flatMap {
                        if let failure = self.failure { return .failure(Self.unreadable(failure)) }
                        return Result { () throws(StoreError) in try body(self.snapshot) }
                            .mapError { Self.unreadable("\($0)") }
                    })
            }
            submit(pending, head: nil, generation: generation)
        }
        return try result.get()
    }

    private static func unreadable(_ reason: String) -> TrackerError {
        TrackerError(.unavailable, "", "The store cannot be compared with memory: \(reason)")
    }
}
