/// Does what takes long, but never blocks, away from the event loop that asks for it.
///
/// The work stays part of its task, and so ends early when that is cancelled and looks whether it is. What blocks is work for
/// ``BlockingPool``.
public enum CooperativePool {
    /// Runs `body` on a thread of the pool that all tasks share, and returns to where the caller runs.
    ///
    /// - Throws: what `body` throws.
    public static func run<Value: Sendable>(_ body: @Sendable () throws -> Value) async rethrows -> Value {
        try await withTaskExecutorPreference(globalConcurrentExecutor) { try body() }
    }
}
