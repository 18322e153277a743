public import Basics
public import JSON
public import Logging
public import Store

/// What a tracker starts from.
struct LoadedState: Sendable {
    var snapshot: Snapshot
    var storeID: String
}

/// What was wrong with a pack that was to be on the stack at start.
public struct PackProblem: Error, Sendable {
    /// The pack's name.
    public let pack: String
    /// What is wrong, naming objects.
    public let messages: [String]

    /// The pack `pack` cannot be used because of `messages`.
    public init(pack: String, messages: [String]) {
        self.pack = pack
        self.messages = messages
    }
}

extension DataTracker {
    /// Opens a tracker: loads every object of `store`, puts `packs` and the stored packs on the stack, and re-checks what
    /// refers to pack content that is not what it was when the store was last used.
    ///
    /// - Parameters:
    ///   - store: holds the writable layer and uploaded packs.
    ///   - catalog: the object types.
    ///   - writable: the writable layer's `meta`.
    ///   - packs: layers that do not live in the store: basic, default, local.
    ///   - environment: time and randomness.
    ///   - logger: told of progress, and of the store's failures later.
    /// - Returns: the tracker, and the packs that could not be used and were left out.
    /// - Throws: `StoreError` when the store cannot be read, or holds what cannot be understood.
    public static func open(
        store: any KeyValueStore, catalog: Catalog, writable: JSONObject, packs: [Layer],
        environment: Environment = Environment(), logger: Logger
    ) throws(StoreError) -> (tracker: DataTracker, problems: [PackProblem]) {
        let (storeID, epochs) = try begin(store, environment)
        let loader = Loader(
            store: store, catalog: catalog, writable: writable, packs: packs, environment: environment, logger: logger,
            epochs: epochs)
        let (snapshot, problems) = try loader.load()
        let loaded = LoadedState(snapshot: snapshot, storeID: storeID)
        let tracker = try DataTracker(loaded, store: store, environment: environment, logger: logger) {
            (present) throws(StoreError) in
            var loader = loader
            loader.catalog = present.catalog
            loader.packs = present.stack.layers.filter { $0.kind != .writable && !$0.kind.isStored }
            return try loader.load().snapshot
        }
        return (tracker, problems)
    }

    /// Begins an epoch; a new store gets an identity too.
    ///
    /// The first epoch of a store is written down at once, later ones with their first commit.
    private static func begin(
        _ store: any KeyValueStore, _ environment: Environment
    ) throws(StoreError) -> (storeID: String, Epochs) {
        try StoreLayout.checkFinished(store)
        let known = try store.value(.metadata, key: StoreLayout.storeIDKey).map { String(decoding: $0, as: UTF8.self) }
        let storeID = known ?? environment.uuid()
        let mark = StoreLayout.number(environment.randomBytes(8))
        let epochs = Epochs(
            recorded: try Epochs.recorded(in: store), newest: try Loader.revision(of: store), mark: mark)
        var batch = WriteBatch()
        if known == nil { batch.put(.metadata, key: StoreLayout.storeIDKey, value: Array(storeID.utf8)) }
        if epochs.isFirst { batch.append(epochs.recording) }
        if !batch.isEmpty { try store.apply(batch) }
        return (storeID, epochs)
    }
}
