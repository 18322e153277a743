import Synchronization

/// All the locks of one request.
struct LockSet: Sendable, Hashable {
    /// The types that it only reads.
    private(set) var reads: Set<TypeName>
    /// The types that it reads and writes.
    private(set) var writes: Set<TypeName>
    /// Whether it locks every type.
    private(set) var isEverything = false

    /// Locks on these types.
    init(reads: Set<TypeName> = [], writes: Set<TypeName> = []) {
        self.reads = reads.subtracting(writes)
        self.writes = writes
    }

    /// Locks on all types.
    static let everything: LockSet = {
        var set = LockSet()
        set.isEverything = true
        return set
    }()

    /// Whether the two cannot be held at once: one writes what the other reads or writes.
    func conflicts(with other: LockSet) -> Bool {
        if isEverything || other.isEverything { return true }
        return !writes.isDisjoint(with: other.writes) || !writes.isDisjoint(with: other.reads)
            || !reads.isDisjoint(with: other.writes)
    }

    func mayRead(_ typeName: TypeName) -> Bool { isEverything || reads.contains(typeName) || writes.contains(typeName) }

    func mayWrite(_ typeName: TypeName) -> Bool { isEverything || writes.contains(typeName) }

    /// Adds the locks of `other`.
    mutating func formUnion(_ other: LockSet) {
        reads.formUnion(other.reads)
        writes.formUnion(other.writes)
        isEverything = isEverything || other.isEverything
    }
}

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
