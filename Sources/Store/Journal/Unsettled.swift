/// The changes that are in the journal and not in LMDB yet, as reads need them: the newest of each key, in order.
struct Unsettled: Sendable {
    /// Changes that are settled together.
    struct Generation: Sendable {
        /// By keyspace: what each key now holds, nil if it was removed.
        private(set) var tables = [SortedTable<[UInt8]?>](repeating: SortedTable(), count: Keyspace.allCases.count)
        /// How many bytes of the map settling them may take at most.
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

    /// What is being settled, if anything is.
    private(set) var settling: Generation?
    /// What came since.
    private(set) var recent: Generation

    /// No changes, before the record at `start`.
    init(start: JournalPosition) {
        recent = Generation(start: start)
    }

    /// Takes up changes that an earlier opening left, to be settled before all others.
    mutating func takeUp(_ leftover: Generation) { settling = leftover }

    /// Whether LMDB has everything.
    var isEmpty: Bool { settling == nil && recent.recordCount == 0 }

    /// How many bytes of the map settling everything may take at most.
    var cost: Int { recent.cost + (settling?.cost ?? 0) }

    /// Adds a batch that clears nothing, after whose record of `length` bytes the one at `end` follows.
    mutating func add(_ batch: WriteBatch, length: Int, cost: Int, end: JournalPosition) {
        recent.add(batch, length: length, cost: cost, end: end)
    }

    /// Fixes what is to be settled next: what could not be settled before, or else everything.
    mutating func beginSettling() -> Generation? {
        if settling == nil, recent.recordCount > 0 {
            settling = recent
            recent = Generation(start: recent.end)
        }
        return settling
    }

    /// Forgets what was to be settled, since LMDB now has it, and gives it back.
    mutating func endSettling() -> Generation? {
        defer { settling = nil }
        return settling
    }

    /// What became of a key: nil if nothing did, else its value, which is nil if it was removed.
    func change(_ keyspace: Keyspace, key: [UInt8]) -> [UInt8]?? {
        if isEmpty { return nil }
        if let change = recent.tables[keyspace.ordinal][key] { return .some(change) }
        if let change = settling?.tables[keyspace.ordinal][key] { return .some(change) }
        return nil
    }

    /// The changes of the keys with `from` ≤ key < `upTo`, in order: of what is being settled, and of what came since.
    func changes(_ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?) -> (settling: [Change], recent: [Change]) {
        if isEmpty { return ([], []) }
        return (
            settling?.tables[keyspace.ordinal].entries(from: from, upTo: upTo) ?? [],
            recent.tables[keyspace.ordinal].entries(from: from, upTo: upTo)
        )
    }

    /// A key and its new value, nil if it was removed.
    typealias Change = SortedTable<[UInt8]?>.Entry
}
