import Store

/// Fills an empty store in batches of a bounded size, but for one that is written whole with each batch, which gets a single one.
/// Until it is finished, the store says of itself that it is not whole, and is not opened by a server.
struct StoreTransfer {
    /// The store that is filled.
    let target: any KeyValueStore
    private var batch = WriteBatch()

    /// So many bytes, or changes, are written at once.
    private static let most = (bytes: 4 << 20, count: 2000)

    /// Begins.
    ///
    /// - Parameter work: what fills it, for whoever finds it unfinished.
    /// - Throws: `unsupported` if there is something in the store.
    init(into target: any KeyValueStore, by work: String) throws(StoreError) {
        self.target = target
        for keyspace in Keyspace.allCases {
            var isEmpty = true
            try target.scan(keyspace) { _, _ in
                isEmpty = false
                return false
            }
            guard isEmpty else {
                throw StoreError(
                    .unsupported, "the store \(target.locator) is not empty: name one that does not exist yet")
            }
        }
        var first = WriteBatch()
        first.put(.metadata, key: StoreLayout.unfinishedKey, value: Array(work.utf8))
        try target.apply(first)
    }

    /// Adds an entry.
    mutating func put(_ keyspace: Keyspace, _ key: [UInt8], _ value: [UInt8]) throws(StoreError) {
        batch.put(keyspace, key: key, value: value)
        try writeIfLarge()
    }

    /// Takes an entry away.
    mutating func remove(_ keyspace: Keyspace, _ key: [UInt8]) throws(StoreError) {
        batch.remove(keyspace, key: key)
        try writeIfLarge()
    }

    /// Takes all entries of a keyspace away.
    mutating func clear(_ keyspace: Keyspace) throws(StoreError) {
        batch.clear(keyspace)
        if keyspace == .metadata { batch.put(.metadata, key: StoreLayout.unfinishedKey, value: Array("restore".utf8)) }
        if target.keepsHistory { try flush() }
    }

    /// Writes what is not written yet.
    mutating func flush() throws(StoreError) {
        guard !batch.isEmpty else { return }
        try target.apply(batch)
        batch = WriteBatch()
    }

    /// Makes the store whole.
    mutating func finish() throws(StoreError) {
        batch.remove(.metadata, key: StoreLayout.unfinishedKey)
        try flush()
    }

    private mutating func writeIfLarge() throws(StoreError) {
        guard target.keepsHistory else { return }
        if batch.byteCount >= Self.most.bytes || batch.count >= Self.most.count { try flush() }
    }
}

extension StoreLayout {
    /// Names who fills the store, until it is whole.
    static let unfinishedKey = Array("unfinished".utf8)

    /// Refuses a store that somebody has not finished filling.
    ///
    /// - Throws: `corrupt`, with what to do.
    static func checkFinished(_ store: any KeyValueStore) throws(StoreError) {
        guard let work = try store.value(.metadata, key: unfinishedKey) else { return }
        throw StoreError(
            .corrupt,
            "the store \(store.locator) is not whole, since \(String(decoding: work, as: UTF8.self)) was interrupted: "
                + "remove it and do that again")
    }
}
