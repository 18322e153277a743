import CLMDB

/// A store in an LMDB environment, a directory with the files `data.mdb`, `lock.mdb` and `LOCK`, open in one process
/// at a time. The default store.
///
/// Every batch is one LMDB transaction, synced to disk before `apply` returns. Scans read the memory map directly,
/// from the state at their start. Since LMDB keeps that state while a scan lasts, a slow one makes the file grow.
///
/// **How the map grows.** LMDB maps a fixed number of bytes, and fails a transaction that needs more. `apply` then
/// drops that transaction, waits at the gate until no read runs in this process, holds back new ones, doubles the map
/// and starts over. Nobody notices but for the wait, which is why a visitor must not wait for a write. At
/// `mapsize-limit` the batch fails as `diskFull`, unless it frees more than it stores: such batches may use a reserve
/// beyond the limit.
public final class LMDBStore: KeyValueStore {
    /// The locator it was opened with.
    public let locator: StoreLocator
    /// Always true: a batch is one transaction.
    public let isAtomic = true
    /// 511, unless LMDB was built otherwise.
    public let maximumKeyLength: Int
    /// The directory, as an absolute path if the base was one.
    public let directory: String

    let gate: TransactionGate<LMDBEnvironment>

    /// Opens the store, creating directory and files (for the owner only) if they are missing.
    ///
    /// - Parameters:
    ///   - locator: `lmdb:<directory>`, with the options `ro`, `mapsize` and `mapsize-limit`. A leading `~` is the
    ///     home directory.
    ///   - baseDirectory: What a relative path is relative to.
    /// - Throws: `badLocator`, `locked`, `corrupt`, `unsupported` for a newer format or data of another program,
    ///   `notFound` with `ro=true`, and what the system says.
    public init(_ locator: StoreLocator, relativeTo baseDirectory: String) throws(StoreError) {
        guard !locator.path.isEmpty, locator.authority == nil else {
            throw StoreError(
                .badLocator,
                "the store locator \(locator) names no directory: write lmdb:/path or lmdb:path, with one slash")
        }
        let options = try LMDBOptions(locator)
        directory = Directory.resolve(locator.path, relativeTo: baseDirectory)
        let environment = try LMDBEnvironment(directory, options)
        self.locator = locator
        maximumKeyLength = environment.maximumKeyLength
        gate = TransactionGate(environment)
    }

    /// See `KeyValueStore`.
    public func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try read { transaction throws(StoreError) in
            let database = transaction.databases[keyspace.ordinal]
            try transaction.scan(database, from: from, upTo: upTo, descending: descending, visit)
        }
    }

    /// See `KeyValueStore`.
    public func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        try read { transaction throws(StoreError) in
            try transaction.value(transaction.databases[keyspace.ordinal], key: key).map { Array($0) }
        }
    }

    /// See `KeyValueStore`.
    public func apply(_ batch: WriteBatch) throws(StoreError) {
        if locator.isReadOnly { throw .openedReadOnly(locator) }
        try batch.checkKeys(maximumKeyLength: maximumKeyLength)
        while true {
            do throws(StoreError) {
                return try recovering { () throws(StoreError) in
                    try gate.write { environment throws(StoreError) in try environment.apply(batch) }
                }
            } catch {
                guard error.isMapFull else { throw error }
                if try gate.alone({ environment throws(StoreError) in try environment.makeRoom(for: batch) }) { return }
            }
        }
    }

    /// See `KeyValueStore`.
    public func close() throws(StoreError) {
        try gate.close { $0.close() }
    }

    private func read<Result>(
        _ body: (LMDBTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try recovering { () throws(StoreError) in
            try gate.read { environment throws(StoreError) in try environment.transaction(writing: false, body) }
        }
    }

    /// Runs `body`, and if the environment turns out to be dead since an earlier failure, reopens it and runs `body`
    /// again.
    private func recovering<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        do throws(StoreError) {
            return try body()
        } catch {
            guard error.isPanic else { throw error }
            do throws(StoreError) {
                try gate.alone { environment throws(StoreError) in try environment.reopen() }
            } catch let refusal {
                // Inside a scan there is no way to reopen; what is wrong is the environment, not the caller.
                throw refusal.code == .misuse ? error : refusal
            }
            return try body()
        }
    }
}

extension LMDBEnvironment {
    /// Applies a batch in a transaction of its own.
    func apply(_ batch: WriteBatch) throws(StoreError) {
        try transaction(writing: true) { transaction throws(StoreError) in try transaction.perform(batch) }
    }

    /// Enlarges the map for a batch that did not fit, or applies the batch out of the reserve if the map may not grow.
    ///
    /// - Returns: Whether the batch is applied.
    func makeRoom(for batch: WriteBatch) throws(StoreError) -> Bool {
        let size = mapSize
        if size < options.mapSizeLimit {
            try resize(to: min(size * 2, options.mapSizeLimit))
            return false
        }
        let growth = try transaction(writing: false) { transaction throws(StoreError) in
            try transaction.growth(of: batch)
        }
        guard growth < 0 else { throw .full(self, advice: "remove objects or history") }
        try resize(to: size + options.reserve)
        let outcome: Result<Void, StoreError> = Result { () throws(StoreError) in try apply(batch) }
        try resize(to: options.mapSizeLimit)
        if case .failure(let error) = outcome {
            throw error.isMapFull ? .full(self, advice: "remove in smaller batches") : error
        }
        return true
    }
}

extension StoreError {
    fileprivate static func full(_ environment: LMDBEnvironment, advice: String) -> StoreError {
        let limit = ByteSize.format(environment.options.mapSizeLimit)
        return StoreError(
            .diskFull,
            "the store in \(environment.directory) is full: its data fills the limit of \(limit). "
                + "Raise mapsize-limit in its locator, or \(advice)")
    }

    fileprivate var isMapFull: Bool { cause?.number == MDB_MAP_FULL }
    fileprivate var isPanic: Bool { cause?.number == MDB_PANIC }
}
