import CLMDB

/// What one write transaction does.
struct LMDBChange {
    /// What becomes of the data.
    enum Content {
        case batch(WriteBatch)
        /// What a journal has, and nobody may lose.
        case generation(Unsettled.Generation)
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
        case .nothing: break
        }
        switch change.position {
        case .keep: break
        case .set(let position): try setJournalPosition(position)
        case .remove: try setJournalPosition(nil)
        }
    }

    private func perform(_ generation: Unsettled.Generation) throws(StoreError) {
        for (table, database) in zip(generation.tables, databases) where !table.isEmpty {
            // A cursor finds the next key near the one before it without going down the tree again.
            var cursor: OpaquePointer?
            try check(mdb_cursor_open(pointer, database, &cursor), "writing to")
            defer { mdb_cursor_close(cursor) }
            try table.scan { entry throws(StoreError) in
                guard let value = entry.value else {
                    try remove(database, key: entry.key)
                    return true
                }
                let result = entry.key.withValue { key in
                    value.withValue { value in mdb_cursor_put(cursor, key, value, 0) }
                }
                try check(result, "writing to")
                return true
            }
        }
    }
}
