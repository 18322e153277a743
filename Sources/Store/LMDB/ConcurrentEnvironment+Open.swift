extension ConcurrentEnvironment {
    /// Opens the environment in `directory`, checkpoints what its journal has, and takes over an older format. One that is opened
    /// for reading only must be opened for writing shortly if there is anything to checkpoint.
    ///
    /// - Parameter progress: told how far taking over is.
    /// - Returns: also what could not be checkpointed because there is no room, which can be read and checkpointed later.
    static func open(
        _ directory: String, _ options: LMDBOptions, _ progress: (StoreProgress) -> Void
    ) throws(StoreError) -> (environment: ConcurrentEnvironment, leftover: Journal.Leftover?) {
        if options.isReadOnly, try needsWriting(directory, options) {
            try prepareForReading(directory, options, progress)
        }
        let environment = ConcurrentEnvironment(try LMDBEnvironment(directory, options))
        if options.isReadOnly { return (environment, nil) }
        let leftover = try environment.checkpointJournal(of: directory)
        try environment.upgrade(directory, after: leftover, progress)
        return (environment, leftover)
    }

    private static func prepareForReading(
        _ directory: String, _ options: LMDBOptions, _ progress: (StoreProgress) -> Void
    ) throws(StoreError) {
        var writable = options
        writable.isReadOnly = false
        do throws(StoreError) {
            let (environment, leftover) = try open(directory, writable, progress)
            try environment.close()
            if let leftover { throw leftover.reason }
        } catch {
            throw StoreError(
                error.code,
                "the store in \(directory) was not closed, and its journal cannot be checkpointed: \(error.message). "
                    + "Make its files writable, or open it for writing once; then it can be read",
                cause: error.cause)
        }
    }

    private static func needsWriting(_ directory: String, _ options: LMDBOptions) throws(StoreError) -> Bool {
        let environment = try LMDBEnvironment(directory, options)
        let (position, mark) = try environment.transaction(writing: false) { transaction throws(StoreError) in
            (try transaction.journalPosition(), try transaction.upgradeMark())
        }
        if mark != nil { return true }
        guard let position else { return false }
        if DiscardedJournal.isThere(directory) { return true }
        return try JournalReader(directory).changes(after: position, format: environment.format).recordCount > 0
    }

    private func checkpointJournal(of directory: String) throws(StoreError) -> Journal.Leftover? {
        let position = try read { transaction throws(StoreError) in try transaction.journalPosition() }
        guard let position else { return nil }
        if DiscardedJournal.isThere(directory) {
            try commit(LMDBChange(content: .nothing, position: .remove))
            try DiscardedJournal.setAside(directory)
            return nil
        }
        let format = try gate.read { environment throws(StoreError) in environment.format }
        let generation = try JournalReader(directory).changes(after: position, format: format)
        do throws(StoreError) {
            try commit(LMDBChange(content: .generation(generation), position: .remove))
            return nil
        } catch {
            guard error.code == .diskFull, generation.recordCount > 0 else { throw error }
            return Journal.Leftover(generation: generation, reason: error)
        }
    }
}
