extension ConcurrentEnvironment {
    /// How many bytes get their checksums in one transaction.
    private static let step = 16 << 20

    /// Gives a store of an older format what it lacks, in transactions of a bounded size. What was done stays done if it is
    /// interrupted, and the next opening goes on.
    ///
    /// - Parameter leftover: what is still in the journal, in the old format, which must be checkpointed first.
    func upgrade(
        _ directory: String, after leftover: Journal.Leftover?, step: Int = ConcurrentEnvironment.step,
        _ progress: (StoreProgress) -> Void
    ) throws(StoreError) {
        guard try !isUpgraded() else { return }
        let work = "adding checksums to the store in \(directory)"
        do throws(StoreError) {
            if let leftover { throw leftover.reason }
            let total = try read { transaction throws(StoreError) in try transaction.entryCount() }
            repeat {
                progress(StoreProgress(work: work, percent: try percentUpgraded(of: total)))
                try commit(LMDBChange(content: .upgrade(limit: step), position: .keep))
                try gate.alone { environment throws(StoreError) in environment.noteUpgrade() }
            } while try !isUpgraded()
            progress(StoreProgress(work: work, percent: 100))
        } catch {
            throw StoreError(
                error.code,
                "\(work) failed, and nothing is lost: \(error.message). It takes up to a quarter more room than the data "
                    + "has; the next start goes on",
                cause: error.cause)
        }
    }

    private func isUpgraded() throws(StoreError) -> Bool {
        let format = try gate.read { environment throws(StoreError) in environment.format }
        if format < LMDBFormat.checked { return false }
        return try read { transaction throws(StoreError) in try transaction.upgradeMark() } == nil
    }

    private func percentUpgraded(of total: Int) throws(StoreError) -> Int {
        let format = try gate.read { environment throws(StoreError) in environment.format }
        if format < LMDBFormat.checked || total == 0 { return 0 }
        let mark = try read { transaction throws(StoreError) in try transaction.upgradeMark() }
        guard let mark else { return 100 }
        return Int(Double(mark.count) / Double(total) * 100)
    }
}
