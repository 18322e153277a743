/// All the locks of one request.
struct LockSet: Sendable, Hashable {
    /// How a request goes on once it has its locks.
    enum Manner: Sendable, CaseIterable {
        /// It is drafted beside the writer's thread, and nothing that it looks at changes meanwhile.
        case firm
        /// It is drafted in one go on the writer's thread.
        case brief
        /// It is drafted beside the writer's thread while brief ones go on, and again if one of them changed what it looked at.
        /// Only those wait for it that are about a type that it is about itself.
        case optimistic
    }

    /// The types that it only reads.
    private(set) var reads: Set<TypeName>
    /// The types that it reads and writes.
    private(set) var writes: Set<TypeName>
    /// The types that it is about, not those that follow from them.
    private(set) var named: Set<TypeName>
    /// Whether it locks every type.
    private(set) var isEverything = false
    /// How the request goes on.
    var manner = Manner.firm

    /// Locks on these types.
    ///
    /// - Parameter named: those that the request is about; the ones that it writes unless said otherwise.
    init(reads: Set<TypeName> = [], writes: Set<TypeName> = [], named: Set<TypeName>? = nil) {
        self.reads = reads.subtracting(writes)
        self.writes = writes
        self.named = named ?? writes
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
        switch (manner, other.manner) {
        case (.brief, .optimistic), (.optimistic, .brief): return !named.isDisjoint(with: other.named)
        default: break
        }
        return !writes.isDisjoint(with: other.writes) || !writes.isDisjoint(with: other.reads)
            || !reads.isDisjoint(with: other.writes)
    }

    /// The same locks of a request that goes on in another manner.
    func taken(_ manner: Manner) -> LockSet {
        var set = self
        set.manner = manner
        return set
    }

    func mayRead(_ typeName: TypeName) -> Bool { isEverything || reads.contains(typeName) || writes.contains(typeName) }

    func mayWrite(_ typeName: TypeName) -> Bool { isEverything || writes.contains(typeName) }

    /// Adds the locks of `other`, which is of the same manner.
    mutating func formUnion(_ other: LockSet) {
        named.formUnion(other.named)
        reads.formUnion(other.reads)
        writes.formUnion(other.writes)
        isEverything = isEverything || other.isEverything
    }
}

/// The locks of many requests together.
struct TakenLocks {
    private var sets: [LockSet.Manner: LockSet] = [:]

    /// Adds the locks of one more.
    mutating func add(_ set: LockSet) {
        sets[set.manner, default: LockSet().taken(set.manner)].formUnion(set)
    }

    /// Whether any of them cannot be held at once with those of `set`.
    func conflicts(with set: LockSet) -> Bool { sets.values.contains { $0.conflicts(with: set) } }
}
