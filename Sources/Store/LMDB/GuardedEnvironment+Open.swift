extension GuardedEnvironment {
    /// Opens the environment in `directory` and settles what its journal has, for which one that is opened for reading
    /// only must be opened for writing shortly.
    static func open(_ directory: String, _ options: LMDBOptions) throws(StoreError) -> GuardedEnvironment {
        if options.isReadOnly, try needsSettling(directory, options) {
            var writable = options
            writable.isReadOnly = false
            do throws(StoreError) {
                try open(directory, writable).close()
            } catch {
                throw StoreError(
                    error.code,
                    "the store in \(directory) was not closed, and its journal cannot be settled: \(error.message). "
                        + "Make its files writable, or open it for writing once; then it can be read",
                    cause: error.cause)
            }
        }
        let environment = GuardedEnvironment(try LMDBEnvironment(directory, options))
        if !options.isReadOnly { try environment.settleJournal(of: directory) }
        return environment
    }

    private static func needsSettling(_ directory: String, _ options: LMDBOptions) throws(StoreError) -> Bool {
        let environment = try LMDBEnvironment(directory, options)
        let position = try environment.transaction(writing: false) { transaction throws(StoreError) in
            try transaction.journalPosition()
        }
        guard let position else { return false }
        return try JournalReader(directory).changes(after: position).recordCount > 0
    }

    private func settleJournal(of directory: String) throws(StoreError) {
        let position = try read { transaction throws(StoreError) in try transaction.journalPosition() }
        guard let position else { return }
        let generation = try JournalReader(directory).changes(after: position)
        try commit(LMDBChange(content: .generation(generation), position: .remove))
    }
}
