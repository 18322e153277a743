import Dispatch
import Synchronization

/// Threads for hashing passwords, so that the cooperative pool and its requests are not held up by scrypt.
final class HashingQueue: Sendable {
    private struct State {
        var next = 0
        var pending = 0
        var total = 0
    }

    private let queues: [DispatchQueue]
    private let limit: Int
    private let state = Mutex(State())

    /// A number of threads.
    ///
    /// - Parameters:
    ///   - width: how many hashes are computed at once.
    ///   - limit: how many may be computed or waiting; more are refused.
    init(width: Int, limit: Int) {
        queues = (0..<width).map { DispatchQueue(label: "muster.passwords.\($0)", qos: .userInitiated) }
        self.limit = limit
    }

    /// How many passwords were hashed or wait for it.
    var total: Int { state.withLock { $0.total } }

    /// Runs `work` on one of the threads.
    ///
    /// - Throws: `busy` when too much is waiting already.
    func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async throws(AccessError) -> Result {
        guard let queue = reserve() else { throw .busy }
        return await withCheckedContinuation { continuation in
            queue.async {
                let result = work()
                self.state.withLock { $0.pending -= 1 }
                continuation.resume(returning: result)
            }
        }
    }

    private func reserve() -> DispatchQueue? {
        state.withLock { state in
            guard state.pending < limit else { return nil }
            state.pending += 1
            state.total += 1
            state.next = (state.next + 1) % queues.count
            return queues[state.next]
        }
    }
}
