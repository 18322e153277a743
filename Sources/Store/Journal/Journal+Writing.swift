import Synchronization

extension Journal {
    /// See `KeyValueStore`.
    func apply(_ batch: WriteBatch) throws(StoreError) {
        // A visitor of a scan would wait for locks whose holders may wait for the scan.
        try environment.gate.refuseInside()
        try writer.withLock { writer throws(StoreError) in
            if writer.isClosed { throw .storeClosed }
            if batch.isEmpty { return }
            if state.withLock({ $0.failure != nil }) { try checkpointEverything() }
            if try append(batch, &writer) { return }
            try checkpointEverything()
            try applyDirectly(batch, &writer)
        }
        rest()
    }

    /// Writes a batch to the journal.
    ///
    /// - Returns: whether it is there. If not, it must go to LMDB directly.
    /// - Throws: why older changes could not be checkpointed to make room.
    private func append(_ batch: WriteBatch, _ writer: inout Writer) throws(StoreError) -> Bool {
        guard writer.isInStep, let file = writer.file, let length = JournalRecord.length(of: batch), length <= size / 2,
            let offset = try place(length, cost: Self.cost(of: batch))
        else { return false }
        let sequence = writer.nextSequence
        do throws(StoreError) {
            if offset + length > file.written { try extend(file, to: offset + length) }
            writer.nextSequence += 1
            try file.write(length, at: offset) {
                JournalRecord.encode(batch, salt: salt, sequence: sequence, at: offset, into: $0)
            }
        } catch {
            // Nobody knows what is on disk now. The way through LMDB makes it sure, or fails with the reason.
            writer.isInStep = false
            writer.isFileFailing = true
            condition.report(.journal, error)
            return false
        }
        if writer.isFileFailing {
            writer.isFileFailing = false
            condition.report(.journal, nil)
        }
        let end = JournalPosition(salt: salt, sequence: writer.nextSequence, offset: offset + length)
        add(batch, at: offset, length: length, end: end)
        return true
    }

    /// Where a record can go, after checkpointing what is in its way; nil if it must not go into the journal.
    private func place(_ length: Int, cost: Int) throws(StoreError) -> Int? {
        if let offset = state.withLock({ $0.place(length, cost: cost) }) { return offset }
        try checkpoint { $0.place(length, cost: cost) == nil }
        return state.withLock { $0.place(length, cost: cost) }
    }

    /// Shows a batch that is in the journal to readers, and has it checkpointed in time.
    private func add(_ batch: WriteBatch, at offset: Int, length: Int, end: JournalPosition) {
        let threshold = pace.checkpointSize
        let cost = Self.cost(of: batch)
        let (isFirst, isMuch) = state.withLock { state in
            let before = state.memtable.recent.byteCount
            state.ring.take(offset, length: length)
            state.memtable.add(batch, length: length, cost: cost, end: end)
            return (before == 0, before < threshold && before + length >= threshold)
        }
        guard isFirst || isMuch, let patience = rules.patienceMilliseconds else { return }
        checkpointer.schedule(afterMilliseconds: isMuch ? 0 : patience)
    }

    /// Applies a batch in a transaction of its own, when everything before it is checkpointed, and begins the journal anew.
    private func applyDirectly(_ batch: WriteBatch, _ writer: inout Writer) throws(StoreError) {
        writer.isInStep = false
        if writer.file == nil { writer.file = try openFile(&writer.isFileFailing) }
        guard let file = writer.file else {
            try environment.commit(LMDBChange(content: .batch(batch), position: .keep))
            return
        }
        let next = JournalPosition(salt: salt, sequence: writer.nextSequence, offset: JournalRecord.start)
        let room = try environment.commit(LMDBChange(content: .batch(batch), position: .set(next)))
        writer.isInStep = true
        state.withLock { state in
            state.memtable = Memtable(start: next)
            state.ring = JournalRing(limit: size, written: file.written)
            state.room = room
        }
        if rules.patienceMilliseconds != nil { startCheckpointer() }
    }

    /// The file; nil if the disk is too full for one, since LMDB may have room in its own file yet.
    private func openFile(_ isFailing: inout Bool) throws(StoreError) -> JournalFile? {
        do throws(StoreError) {
            return try JournalFile(directory, salt: salt)
        } catch {
            guard error.code == .diskFull else { throw error }
            isFailing = true
            condition.report(.journal, error)
            return nil
        }
    }

    private func extend(_ file: JournalFile, to end: Int) throws(StoreError) {
        defer { state.withLock { $0.ring.written = file.written } }
        try file.extend(to: min(size, roundUp(end, to: JournalFile.step)))
    }

    /// How many bytes of the map a batch may take at most.
    ///
    /// Each operation can copy the pages from the root of a tree to a leaf and split each of them, and a tree of more than
    /// six levels does not fit on a disk.
    private static func cost(of batch: WriteBatch) -> Int {
        batch.byteCount + batch.count * 13 * JournalRecord.blockSize
    }
}

extension Journal.State {
    /// Where a record can go that takes up to `cost` bytes of the map; nil if it cannot before everything is checkpointed, or
    /// not at all.
    fileprivate func place(_ length: Int, cost: Int) -> Int? {
        memtable.cost + cost <= room ? ring.place(for: length) : nil
    }
}
