/// A store in an LMDB environment, a directory with the files `data.mdb`, `lock.mdb` and `LOCK`, and a file `journal`,
/// open in one process at a time. The default store.
///
/// Every batch is on disk before `apply` returns: as a record in the journal, or, with `journal=off`, as an LMDB
/// transaction. A copy of the directory needs all its files; those of a store that was closed have an empty journal.
///
/// Scans read the memory map directly, from the state at their start. Since LMDB keeps that state while a scan lasts, a slow
/// one makes the file grow. See `ConcurrentEnvironment` for how it grows, and `Journal` for how a batch becomes durable.
public final class LMDBStore: KeyValueStore {
    /// The locator it was opened with.
    public let locator: StoreLocator
    /// 511, unless LMDB was built otherwise.
    public let maximumKeyLength: Int
    /// The directory, as an absolute path if the base was one.
    public let directory: String

    let environment: ConcurrentEnvironment
    /// Nil with `journal=off`, and if it was opened for reading only.
    let journal: Journal?
    /// See `KeyValueStore`.
    public let condition = StoreCondition()

    /// Opens the store, creating directory and files (for the owner only) if they are missing.
    ///
    /// Opening for reading first checkpoints what a server that was killed left in its journal, for which it has to write.
    ///
    /// - Parameters:
    ///   - locator: `lmdb:<directory>`, with the options `ro`, `mapsize`, `mapsize-limit` and `journal`. A leading `~` is
    ///     the home directory.
    ///   - baseDirectory: What a relative path is relative to.
    ///   - progress: told how far taking over a store of an older format is.
    /// - Throws: `badLocator`, `locked`, `corrupt`, `unsupported` for a newer format or data of another program,
    ///   `notFound` with `ro=true`, and what the system says.
    public convenience init(
        _ locator: StoreLocator, relativeTo baseDirectory: String, progress: (StoreProgress) -> Void = { _ in }
    ) throws(StoreError) {
        try self.init(locator, relativeTo: baseDirectory, rules: Journal.Rules(), progress: progress)
    }

    init(
        _ locator: StoreLocator, relativeTo baseDirectory: String, rules: Journal.Rules,
        progress: (StoreProgress) -> Void = { _ in }
    ) throws(StoreError) {
        guard !locator.path.isEmpty, locator.authority == nil else {
            throw StoreError(
                .badLocator,
                "the store locator \(locator) names no directory: write lmdb:/path or lmdb:path, with one slash")
        }
        let options = try LMDBOptions(locator)
        let directory = Directory.resolve(locator.path, relativeTo: baseDirectory)
        let (environment, leftover) = try ConcurrentEnvironment.open(directory, options, progress)
        self.locator = locator
        self.directory = directory
        self.environment = environment
        maximumKeyLength = try environment.gate.read { environment throws(StoreError) in environment.maximumKeyLength }
        // What could not be checkpointed needs a journal's ways, whatever was asked for.
        let size = options.isReadOnly ? nil : options.journalSize ?? (leftover == nil ? nil : 64 << 10)
        let condition = condition
        journal = size.map {
            Journal(
                environment, directory: directory, size: $0, rules: rules, leftover: leftover, condition: condition)
        }
    }

    deinit {
        journal?.checkpointer.stop()
    }

    /// See `KeyValueStore`.
    public func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        if let journal {
            return try journal.scan(keyspace, from: from, upTo: upTo, descending: descending, visit)
        }
        try environment.read { transaction throws(StoreError) in
            try transaction.scan(keyspace, from: from, upTo: upTo, descending: descending, visit)
        }
    }

    /// See `KeyValueStore`.
    public func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        if let journal { return try journal.value(keyspace, key: key) }
        return try environment.value(keyspace, key: key)
    }

    /// See `KeyValueStore`.
    public func apply(_ batch: WriteBatch) throws(StoreError) {
        if locator.isReadOnly { throw .openedReadOnly(locator) }
        try batch.checkKeys(maximumKeyLength: maximumKeyLength)
        if let journal { return try journal.apply(batch) }
        try environment.commit(LMDBChange(content: .batch(batch), position: .keep))
    }

    /// See `KeyValueStore`.
    public func makeRoom(for byteCount: Int) { journal?.makeRoom(for: byteCount) }

    /// See `KeyValueStore`.
    ///
    /// - Throws: also why something could not be checkpointed. It is safe in the journal, and the next opening checkpoints it.
    public func close() throws(StoreError) {
        try environment.gate.refuseInside()
        let outcome: Result<Void, StoreError> = Result { () throws(StoreError) in try journal?.close() }
        try environment.close()
        try outcome.get()
    }
}

extension StoreKind {
    /// Stores in LMDB environments.
    public static let lmdb = StoreKind("lmdb", form: "lmdb:<directory>") {
        (locator, baseDirectory, progress) throws(StoreError) in
        try LMDBStore(locator, relativeTo: baseDirectory, progress: progress)
    }
}
