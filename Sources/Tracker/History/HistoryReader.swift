import Dispatch
import Store

/// Reads the store for those who want to know the past, on threads of its own: such reads block, and tasks must not.
struct HistoryReader: Sendable {
    private let store: any KeyValueStore
    private let queue = DispatchQueue(label: "muster.history", attributes: .concurrent)

    init(_ store: any KeyValueStore) { self.store = store }

    /// Runs `body` with the past, away from the tasks' threads.
    ///
    /// - Throws: what `body` throws; `unavailable` when the store cannot be read.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (StoredHistory) throws(StoreError) -> Value
    ) async throws(TrackerError) -> Value {
        let history = StoredHistory(store: store)
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(returning: Result { () throws(StoreError) in try body(history) })
            }
        }
        do throws(StoreError) {
            return try result.get()
        } catch {
            throw TrackerError(.unavailable, "", "The store cannot be read: \(error)")
        }
    }
}
