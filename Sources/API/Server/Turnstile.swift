import Synchronization

/// Something that is done by one at a time, and not queued for.
final class Turnstile: Sendable {
    private let isTaken = Mutex(false)

    /// Whether it was free, and is now the caller's until `end`.
    func begin() -> Bool {
        isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
    }

    /// Frees it.
    func end() { isTaken.withLock { $0 = false } }
}
