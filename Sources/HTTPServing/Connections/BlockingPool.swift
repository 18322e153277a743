/// Does what takes long away from the event loop that asks for it.
package enum BlockingPool {
    /// Runs `body` on a thread of the pool that all tasks share, and returns to where the caller runs.
    package static func run<Value: Sendable>(_ body: @Sendable () throws -> Value) async rethrows -> Value {
        try await withTaskExecutorPreference(globalConcurrentExecutor) { try body() }
    }
}
