/// The changes that are in the journal and not in LMDB yet, as reads need them: the newest of each key, in order.
struct Memtable: Sendable {
    /// Changes that are checkpointed together.
    struct Generation: Sendable {
        /// By keyspace: what each key now holds, nil if it was removed.
        private(set) var tables = [SortedTable<[UInt8]?>](repeating: SortedTable(), count: Keyspace.allCases.count)
        /// How many bytes of the map checkpointing them may take at most.
        private(set) var cost = 0
        /// How many records they came in.
        private(set) var recordCount = 0
        /// How many bytes of the journal these take.
        private(set) var byteCount = 0
        /// Where the first of their records is.
        let start: JournalPosition
        /// Where the record after them is.
        private(set) var end: JournalPosition

        /// No changes, before the record at `start`.
        init(start: JournalPosition) {
            self.start = start
            end = start
        }

        /// Adds a batch that clears nothing, after whose record of `length` bytes the one at `end` follows.
        mutating func add(_ batch: WriteBatch, length: Int, cost: Int, end: JournalPosition) {
            for operation in batch.operations {
                switch operation {
                case .put(let keyspace, let key, let value): tables[keyspace.ordinal].set(key, to: value)
                case .remove(let keyspace, let key): tables[keyspace.ordinal].set(key, to: nil)
                case .clear: preconditionFailure("a journal cannot clear a keyspace")
                }
            }
            self.cost += cost
            self.end = end
            recordCount += 1
            byteCount += length
        }
    }

    /// What is being checkpointed, if anything is.
    private(set) var checkpointing: Generation?
    /// What came since.
    private(set) var recent: Generation

    /// No changes, before the record at `start`.
    init(start: JournalPosition) {
        recent = Generation(start: start)
    }

    /// Takes up changes that an earlier opening left, to be checkpointed before all others.
    mutating func takeUp(_ leftover: Generation) { checkpointing = leftover }

    /// Whether LMDB has everything.
    var isEmpty: Bool { checkpointing == nil && recent.recordCount == 0 }

    /// How many bytes of the journal all take.
    var byteCount: Int { recent.byteCount + (checkpointing?.byteCount ?? 0) }

    /// How many bytes of the map checkpointing everything may take at most.
    var cost: Int { recent.cost + (checkpointing?.cost ?? 0) }

    /// Adds a batch that clears nothing, after whose record of `length` bytes the one at `end` follows.
    mutating func add(_ batch: WriteBatch, length: Int, cost: Int, end: JournalPosition) {
        recent.add(batch, length: length, cost: cost, end: end)
    }

    /// Fixes what is to be checkpointed next: what could not be checkpointed before, or else everything.
    mutating func beginCheckpoint() -> Generation? {
        if checkpointing == nil, recent.recordCount > 0 {
            checkpointing = recent
            recent = Generation(start: recent.end)
        }
        return checkpointing
    }

    /// Forgets what was to be checkpointed, since LMDB now has it, and gives it back.
    mutating func endCheckpoint() -> Generation? {
        defer { checkpointing = nil }
        return checkpointing
    }

    /// What became of a key: nil if nothing did, else its value, which is nil if it was removed.
    func change(_ keyspace: Keyspace, key: [UInt8]) -> [UInt8]?? {
        if isEmpty { return nil }
        if let change = recent.tables[keyspace.ordinal][key] { return .some(change) }
        if let change = checkpointing?.tables[keyspace.ordinal][key] { return .some(change) }
        return nil
    }

    /// The changes of the keys with `from` ≤ key < `upTo`, in order: of what is being checkpointed, and of what came since.
    func changes(_ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?) -> (checkpointing: [Change], recent: [Change]) {
        if isEmpty { return ([], []) }
        return (
            checkpointing?.tables[keyspace.ordinal].entries(from: from, upTo: upTo) ?? [],
            recent.tables[keyspace.ordinal].entries(from: from, upTo: upTo)
        )
    }

    /// A key and its new value, nil if it was removed.
    typealias Change = SortedTable<[UInt8]?>.Entry
}
