import Basics
import Store

/// Reads the store for those who want to know the past, on threads of its own: such reads block, and tasks must not.
///
/// Each read holds on to a state of the store, which cannot use its freed pages again meanwhile. So a few go on at once, the
/// others wait in the order in which they came, and beyond a number of those who wait they are turned away. What takes long is
/// made of many reads.
final class HistoryReader: Sendable {
    private let store: any KeyValueStore
    private let queue = WorkQueue<SoleOwner>(
        width: HistoryReader.atOnce, limit: HistoryReader.atOnce + HistoryReader.longestQueue)
    /// For those who make whole states of the past.
    let pasts = Places(DataTracker.pastsAtOnce)

    /// The most reads at once.
    static let atOnce = 8
    /// The most reads that wait.
    static let longestQueue = 1000

    init(_ store: any KeyValueStore) { self.store = store }

    /// Runs `body` with the past, away from the tasks' threads.
    ///
    /// - Throws: what `body` throws; `unavailable` when the store cannot be read, or too many wait to read it.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (StoredHistory) throws(StoreError) -> Value
    ) async throws(TrackerError) -> Value {
        let history = StoredHistory(store: store)
        do throws(StoreError) {
            let value = try await queue.run { () throws(StoreError) in try body(history) }
            if let value { return value }
        } catch {
            throw TrackerError(.unavailable, "", "The store cannot be read: \(error)")
        }
        let message = "More than \(Self.longestQueue) reads of history wait for their turn: try again later"
        throw TrackerError(.unavailable, "history", message)
    }
}
