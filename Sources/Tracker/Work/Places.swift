import Synchronization

/// A few places for something that takes much memory; whoever finds none is turned away.
public final class Places: Sendable {
    private let free: Mutex<Int>

    /// So many places, all of them free.
    public init(_ count: Int) { free = Mutex(count) }

    /// Whether there was a place, which is the caller's until `end`.
    public func begin() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    /// Gives a place back.
    public func end() { free.withLock { $0 += 1 } }
}
