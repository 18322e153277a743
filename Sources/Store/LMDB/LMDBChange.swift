import CLMDB

/// What one write transaction does.
struct LMDBChange {
    /// What becomes of the data.
    enum Content {
        case batch(WriteBatch)
        /// What a journal has, and nobody may lose.
        case generation(Memtable.Generation)
        /// The next values of an older store, about as many bytes, get their checksums.
        case upgrade(limit: Int)
        case nothing
    }

    /// What becomes of the note where the journal goes on.
    enum Position {
        case keep
        case set(JournalPosition)
        case remove
    }

    var content: Content
    var position: Position
}

extension LMDBTransaction {
    /// Makes the change.
    func perform(_ change: LMDBChange) throws(StoreError) {
        switch change.content {
        case .batch(let batch): try perform(batch)
        case .generation(let generation): try perform(generation)
        case .upgrade(let limit): return try upgrading.upgrade(limit: limit)
        case .nothing: break
        }
        switch change.position {
        case .keep: break
        case .set(let position): try setJournalPosition(position)
        case .remove: try setJournalPosition(nil)
        }
        if isChecked { try noteState() }
    }

    /// The same transaction, for values with checksums.
    private var upgrading: LMDBTransaction {
        LMDBTransaction(pointer: pointer, databases: databases, directory: directory, isChecked: true, pages: pages)
    }

    private func perform(_ generation: Memtable.Generation) throws(StoreError) {
        for keyspace in Keyspace.allCases where !generation.tables[keyspace.ordinal].isEmpty {
            let database = databases[keyspace.ordinal]
            // A cursor finds the next key near the one before it without going down the tree again.
            var cursor: OpaquePointer?
            try check(mdb_cursor_open(pointer, database, &cursor), "writing to")
            defer { mdb_cursor_close(cursor) }
            try generation.tables[keyspace.ordinal].scan { entry throws(StoreError) in
                pages.add(VisitedPages.orderedSize)
                if let value = entry.value {
                    try put(keyspace, key: entry.key, value: value, cursor)
                } else {
                    try remove(database, key: entry.key)
                }
                return true
            }
        }
    }
}
