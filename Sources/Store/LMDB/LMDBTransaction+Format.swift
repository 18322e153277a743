import CLMDB

/// How values are laid out over databases: one named database a keyspace, and the version itself, as decimal digits, in the
/// unnamed database under `muster-format`, out of reach of batches.
///
/// Version 2 may have a journal beside it; where that goes on is in the unnamed database too, under `muster-journal`.
/// Version 1 has none, and becomes version 2 when it is opened for writing.
enum LMDBFormat {
    /// The newest version this program reads, and the one it writes.
    static let version = 2
    /// The key the version is stored under.
    static let key = Array("muster-format".utf8)
}

extension LMDBTransaction {
    /// Checks or notes the format version, then opens a database for each keyspace.
    ///
    /// - Throws: `unsupported` if the data has a newer format or belongs to another program.
    func openDatabases(creating: Bool) throws(StoreError) -> [MDB_dbi] {
        let main = try unnamedDatabase()
        let version = try value(main, key: LMDBFormat.key).map { String(decoding: $0, as: UTF8.self) }
        if let version { try checkVersion(version) } else { try checkEmpty(main) }
        if creating, version != "\(LMDBFormat.version)" {
            try put(main, key: LMDBFormat.key, value: Array("\(LMDBFormat.version)".utf8))
        }
        var databases: [MDB_dbi] = []
        for keyspace in Keyspace.allCases {
            var database = MDB_dbi()
            try check(
                mdb_dbi_open(pointer, keyspace.rawValue, creating ? UInt32(MDB_CREATE) : 0, &database),
                "opening \(keyspace) of")
            databases.append(database)
        }
        return databases
    }

    /// Where the journal goes on; nil if it has nothing that is not in LMDB.
    func journalPosition() throws(StoreError) -> JournalPosition? {
        guard let bytes = try value(try unnamedDatabase(), key: JournalPosition.key) else { return nil }
        guard let position = JournalPosition(encoded: bytes) else {
            throw StoreError(.corrupt, "the store in \(directory) has a senseless journal position: restore a backup")
        }
        return position
    }

    /// Notes where the journal goes on.
    func setJournalPosition(_ position: JournalPosition?) throws(StoreError) {
        let main = try unnamedDatabase()
        if let position {
            try put(main, key: JournalPosition.key, value: position.encoded)
        } else {
            try remove(main, key: JournalPosition.key)
        }
    }

    /// LMDB's own database of databases.
    private func unnamedDatabase() throws(StoreError) -> MDB_dbi {
        var database = MDB_dbi()
        try check(mdb_dbi_open(pointer, nil, 0, &database), "opening")
        return database
    }

    private func checkVersion(_ text: String) throws(StoreError) {
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
