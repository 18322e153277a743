import Synchronization

extension Journal {
    /// Settles what there is now; for the checkpointer's thread.
    func checkpointWhatIsDue() {
        let end = state.withLock { $0.memtable.recent.end.sequence }
        do throws(StoreError) {
            try checkpoint { state in
                let start = (state.memtable.checkpointing ?? state.memtable.recent).start
                return start.salt != salt || start.sequence < end
            }
        } catch {
            // `condition` has been told, and the next writer is; the changes are in the journal, and tried again later.
        }
        if let delay = rules.patienceMilliseconds, state.withLock({ !$0.memtable.isEmpty }) {
            checkpointer.schedule(afterMilliseconds: delay)
        }
    }

    /// Has what is due settled by a thread; that there is none makes writes slower, and is told.
    func startCheckpointer() {
        let failure = checkpointer.start { [self] in checkpointWhatIsDue() }
        if let failure { condition.report(.journal, failure) }
    }

    /// How often it is settled at the most to make room: others fill it again meanwhile.
    private static let mostForRoom = 4

    /// Settles until a record of about `byteCount` bytes has its place, and smaller ones have some meanwhile.
    func makeRoom(for byteCount: Int) {
        let length = roundUp(byteCount + byteCount / 16, to: JournalRecord.blockSize)
        // What is longer goes to LMDB directly.
        guard length <= size / 2 else { return }
        var count = 0
        do throws(StoreError) {
            try checkpoint { state in
                count += 1
                return count <= Self.mostForRoom
                    && (state.memtable.byteCount > pace.freeSize || state.ring.place(for: length + size / 8) == nil)
            }
        } catch {
            // `condition` has been told, and whoever writes next is.
        }
    }

    /// Settles until LMDB has everything.
    func checkpointEverything() throws(StoreError) {
        try checkpoint { !$0.memtable.isEmpty }
    }

    /// Settles, as long as there is something to checkpoint and `isNeeded`.
    func checkpoint(while isNeeded: (State) -> Bool) throws(StoreError) {
        try checkpointing.withLock { _ throws(StoreError) in
            while let generation = state.withLock({ isNeeded($0) ? $0.memtable.beginCheckpoint() : nil }) {
                do throws(StoreError) {
                    try rules.beforeSettling?()
                    // What an earlier opening left is followed by nothing.
                    let position: LMDBChange.Position =
                        generation.end.salt == salt ? .set(generation.end) : .remove
                    let room = try environment.commit(
                        LMDBChange(content: .generation(generation), position: position))
                    // Freeing the memory of thousands of changes takes time, so it is not done under the lock.
                    let checkpointed = state.withLock { $0.endCheckpoint(room: room) }
                    withExtendedLifetime(checkpointed) {}
                    condition.report(.checkpointing, nil)
                } catch {
                    state.withLock { $0.failure = error }
                    condition.report(.checkpointing, error)
                    throw error
                }
            }
        }
    }
}

extension Journal.State {
    /// Notes that LMDB has what was being checkpointed, and gives that back.
    fileprivate mutating func endCheckpoint(room: Int) -> Memtable.Generation? {
        let checkpointed = memtable.endCheckpoint()
        if let checkpointed { ring.release(upTo: checkpointed.end.offset, isEmpty: memtable.isEmpty) }
        self.room = room
        failure = nil
        return checkpointed
    }
}
