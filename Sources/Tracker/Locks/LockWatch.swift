import Synchronization

/// Notes when a draft touches what is not locked for it.
final class LockWatch: Sendable {
    private let set: LockSet
    /// Whether each type of the catalog may be looked at.
    private let reads: [Bool]
    private let exceeded = Atomic(false)

    init(_ set: LockSet, _ catalog: Catalog) {
        self.set = set
        reads = catalog.types.map { set.mayRead($0.typeName) }
    }

    /// Whether anything was touched that is not locked.
    var isExceeded: Bool { exceeded.load(ordering: .relaxed) }

    /// Notes that objects of the type at a position of the catalog are looked at.
    func read(_ position: Int) { if !reads[position] { exceeded.store(true, ordering: .relaxed) } }

    /// Notes that objects of a type, or content packs, are changed.
    func write(_ typeName: TypeName) { if !set.mayWrite(typeName) { exceeded.store(true, ordering: .relaxed) } }
}
