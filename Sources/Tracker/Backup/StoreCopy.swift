import Crypto
public import Store

/// A store copied into another, whatever kinds they are, and compared afterwards.
public struct StoreCopy {
    /// What was copied.
    public struct Outcome: Sendable, Hashable {
        /// The newest commit.
        public let revision: Revision
        /// How many entries each keyspace has.
        public let counts: [Keyspace: Int]
        /// The SHA-256 of all keys and values.
        public let hash: [UInt8]
    }

    private let source: any KeyValueStore
    private let progress: (StoreProgress) -> Void

    /// A copy of `source`, which nobody writes meanwhile.
    ///
    /// - Parameter progress: told how far it is.
    public init(of source: any KeyValueStore, progress: @escaping (StoreProgress) -> Void) {
        (self.source, self.progress) = (source, progress)
    }

    /// Fills an empty store. A server on it serves the same bytes and takes the same cursors.
    ///
    /// - Throws: `unsupported` if the store is not empty, `corrupt` if the copy is not as the original.
    public func run(into target: any KeyValueStore) throws(StoreError) -> Outcome {
        try StoreLayout.checkFinished(source)
        var transfer = try StoreTransfer(into: target, by: "store copy")
        var total = 0
        for keyspace in Keyspace.allCases {
            try source.scan(keyspace) { _, _ in
                total += 1
                return true
            }
        }
        var meter = Meter(work: "copying", total: total, tell: progress)
        let copied = try read(source, target.keepsHistory, &meter) { keyspace, key, value throws(StoreError) in
            try transfer.put(keyspace, key, value)
        }
        if !target.keepsHistory {
            try transfer.put(.metadata, StoreLayout.historyKey, StoreLayout.bytes(copied.revision.number))
        }
        try transfer.finish()
        meter = Meter(work: "comparing", total: total, tell: progress)
        let found = try read(target, target.keepsHistory, &meter) { _, _, _ in }
        guard found == copied else {
            throw StoreError(
                .corrupt, "the copy \(target.locator) is not as \(source.locator): remove it and try again")
        }
        return found
    }

    /// Reads all that a store of the target's kind keeps.
    private func read(
        _ store: any KeyValueStore, _ keepsHistory: Bool, _ meter: inout Meter,
        _ visit: (Keyspace, [UInt8], [UInt8]) throws(StoreError) -> Void
    ) throws(StoreError) -> Outcome {
        let revision = try Loader.revision(of: store)
        var (hash, counts) = (SHA256(), [Keyspace: Int]())
        for keyspace in Keyspace.allCases {
            try store.forEachEntry(keyspace) { (key, value) throws(StoreError) in
                meter.pass()
                let isPast = keyspace == .versions || keyspace == .commits && StoreLayout.number(key) < revision.number
                if isPast, !keepsHistory { return }
                // Where no history is kept, it begins with the newest state.
                if !keepsHistory, keyspace == .metadata, key.elementsEqual(StoreLayout.historyKey) { return }
                counts[keyspace, default: 0] += 1
                for part in [
                    [UInt8(keyspace.rawValue.utf8.first ?? 0)], StoreLayout.bytes(UInt64(key.count)), key, value,
                ] {
                    hash.update(data: part)
                }
                try visit(keyspace, key, value)
            }
        }
        return Outcome(revision: revision, counts: counts, hash: Array(hash.finalize()))
    }
}

/// Tells of each percent.
private struct Meter {
    let work: String
    let total: Int
    let tell: (StoreProgress) -> Void
    private var done = 0

    init(work: String, total: Int, tell: @escaping (StoreProgress) -> Void) {
        (self.work, self.total, self.tell) = (work, total, tell)
    }

    mutating func pass() {
        done += 1
        guard total > 0, done * 100 / total > (done - 1) * 100 / total else { return }
        tell(StoreProgress(work: work, percent: min(done * 100 / total, 100)))
    }
}
