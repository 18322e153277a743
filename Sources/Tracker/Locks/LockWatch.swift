import Synchronization

/// Notes when a draft touches what is not locked for it.
final class LockWatch: Sendable {
    private let set: LockSet
    private let exceeded = Atomic(false)

    init(_ set: LockSet) { self.set = set }

    /// Whether anything was touched that is not locked.
    var isExceeded: Bool { exceeded.load(ordering: .relaxed) }

    /// Notes that objects of a type are looked at.
    func read(_ prefix: Prefix) { if !set.mayRead(prefix) { exceeded.store(true, ordering: .relaxed) } }

    /// Notes that objects of a type, or content packs, are changed.
    func write(_ prefix: Prefix) { if !set.mayWrite(prefix) { exceeded.store(true, ordering: .relaxed) } }
}
