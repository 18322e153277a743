import Dispatch

/// Work that waits for a disk, done where nobody else waits for it.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "muster.files")

    /// The result of `work`, done on a thread of its own.
    static func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
