import CLMDB

/// How values are laid out over databases: one named database a keyspace, and the version itself, as decimal digits, in the
/// unnamed database under `muster-format`, out of reach of batches.
///
/// - Version 3 has a checksum behind each value (`ValueEnvelope`), notes the transaction (`StoreState`), and has a journal of
///   sealed sectors. While an older store is being taken over, `muster-upgrade` says how far that is.
/// - Version 2 may have a journal beside it; where that goes on is in the unnamed database too, under `muster-journal`.
/// - Version 1 has none.
///
/// Older versions become the newest when they are opened for writing.
enum LMDBFormat {
    /// The newest version this program reads, and the one it writes.
    static let version = 3
    /// The first one whose values have checksums.
    static let checked = 3
    /// The key the version is stored under.
    static let key = Array("muster-format".utf8)
    /// All keys of the unnamed database but the names of keyspaces.
    static let keys = [key, StoreState.key, JournalPosition.key, UpgradeMark.key]
}

extension LMDBTransaction {
    /// Checks or notes the format version, then opens a database for each keyspace.
    ///
    /// - Returns: also the version; a new store has the newest, any other keeps its own until it is taken over.
    /// - Throws: `unsupported` if the data has a newer format or belongs to another program.
    func openDatabases(creating: Bool) throws(StoreError) -> (databases: [MDB_dbi], format: Int) {
        let main = try unnamedDatabase()
        let version = try rawValue(main, key: LMDBFormat.key).map { String(decoding: $0, as: UTF8.self) }
        if version == nil { try checkEmpty(main) }
        let format = try version.map { text throws(StoreError) in try checkVersion(text) } ?? LMDBFormat.version
        var databases: [MDB_dbi] = []
        for keyspace in Keyspace.allCases {
            databases.append(try openDatabase(keyspace, creating: creating, isKnown: version != nil))
        }
        if creating, version == nil { try noteVersion() }
        return (databases, format)
    }

    /// Opens a keyspace's database. One that a store of older days lacks is made, or, where nothing may be, taken for empty.
    private func openDatabase(
        _ keyspace: Keyspace, creating: Bool, isKnown: Bool
    ) throws(StoreError) -> MDB_dbi {
        var database = MDB_dbi()
        var result = mdb_dbi_open(pointer, keyspace.rawValue, 0, &database)
        if result == MDB_NOTFOUND, creating {
            result = mdb_dbi_open(pointer, keyspace.rawValue, UInt32(MDB_CREATE), &database)
            if result == 0, isKnown, try rawValue(try unnamedDatabase(), key: StoreState.key) != nil { try noteState() }
        } else if result == MDB_NOTFOUND, !Keyspace.original.contains(keyspace) {
            return Self.noDatabase
        }
        try check(result, "opening \(keyspace) of")
        return database
    }

    /// Stands for a database that there is not.
    static let noDatabase = MDB_dbi.max

    /// The format version as it lies in the map.
    func rawFormat() throws(StoreError) -> UnsafeRawBufferPointer? {
        try rawValue(try unnamedDatabase(), key: LMDBFormat.key)
    }

    /// Notes the newest version, and the transaction that does.
    func noteVersion() throws(StoreError) {
        try rawPut(try unnamedDatabase(), key: LMDBFormat.key, value: Array("\(LMDBFormat.version)".utf8))
        try noteState()
    }

    /// Notes the number of this transaction in its tree, as each must that changes something.
    func noteState() throws(StoreError) {
        try note(StoreState.key, StoreState(transaction: UInt64(mdb_txn_id(pointer))).encoded)
    }

    /// Where the journal goes on; nil if it has nothing that is not in LMDB.
    func journalPosition() throws(StoreError) -> JournalPosition? {
        guard let bytes = try noted(JournalPosition.key) else { return nil }
        guard let position = bytes.withUnsafeBytes({ JournalPosition(encoded: $0) }) else {
            throw StoreError(.corrupt, "the store in \(directory) has a senseless journal position: restore a backup")
        }
        return position
    }

    /// Notes where the journal goes on.
    func setJournalPosition(_ position: JournalPosition?) throws(StoreError) {
        if let position {
            try note(JournalPosition.key, position.encoded)
        } else {
            try remove(try unnamedDatabase(), key: JournalPosition.key)
        }
    }

    /// How far taking over an older store has come; nil if nobody began or all is done.
    func upgradeMark() throws(StoreError) -> UpgradeMark? {
        guard let bytes = try noted(UpgradeMark.key) else { return nil }
        guard let mark = UpgradeMark(encoded: bytes) else {
            throw StoreError(.corrupt, "the store in \(directory) has a senseless upgrade mark: restore a backup")
        }
        return mark
    }

    /// Notes how far taking over an older store has come.
    func setUpgradeMark(_ mark: UpgradeMark?) throws(StoreError) {
        if let mark {
            try note(UpgradeMark.key, mark.encoded)
        } else {
            try remove(try unnamedDatabase(), key: UpgradeMark.key)
        }
    }

    /// A note in the unnamed database, without the checksum that it has since format 3.
    private func noted(_ key: [UInt8]) throws(StoreError) -> [UInt8]? {
        guard let bytes = try rawValue(try unnamedDatabase(), key: key) else { return nil }
        return Array(isChecked ? try opened(bytes, key: key, in: ValueEnvelope.unnamed, "the store's notes") : bytes)
    }

    private func note(_ key: [UInt8], _ value: [UInt8]) throws(StoreError) {
        let main = try unnamedDatabase()
        if isChecked {
            try sealedPut(main, key: key, value: value, in: ValueEnvelope.unnamed)
        } else {
            try rawPut(main, key: key, value: value)
        }
    }

    /// LMDB's own database of databases.
    private func unnamedDatabase() throws(StoreError) -> MDB_dbi {
        var database = MDB_dbi()
        try check(mdb_dbi_open(pointer, nil, 0, &database), "opening")
        return database
    }

    private func checkVersion(_ text: String) throws(StoreError) -> Int {
        guard let version = Int(text), version > 0 else {
            throw StoreError(
                .corrupt, "the store in \(directory) has the format version \(text), which is none: restore a backup")
        }
        guard version <= LMDBFormat.version else {
            throw StoreError(
                .unsupported,
                "the store in \(directory) was written by a newer Muster: it has format \(version), this one reads up "
                    + "to \(LMDBFormat.version). Run the newer Muster, or restore a backup of this one")
        }
        return version
    }

    private func checkEmpty(_ main: MDB_dbi) throws(StoreError) {
        var statistics = MDB_stat()
        try check(mdb_stat(pointer, main, &statistics), "opening")
        guard statistics.ms_entries == 0 else {
            throw StoreError(
                .unsupported,
                "the LMDB environment in \(directory) belongs to another program: choose another directory")
        }
    }
}
