import Synchronization

extension Journal {
    /// Settles what there is now; for the settler's thread. A failure is kept for the next writer.
    func settleWhatIsDue() {
        let end = state.withLock { $0.unsettled.recent.end.sequence }
        try? settle { state in
            let start = (state.unsettled.settling ?? state.unsettled.recent).start
            return start.salt != salt || start.sequence < end
        }
        if let delay = rules.patienceMilliseconds, state.withLock({ !$0.unsettled.isEmpty }) {
            settler.schedule(afterMilliseconds: delay)
        }
    }

    /// Settles until LMDB has everything.
    func settleEverything() throws(StoreError) {
        try settle { !$0.unsettled.isEmpty }
    }

    /// Settles, as long as there is something to settle and `isNeeded`.
    func settle(while isNeeded: (State) -> Bool) throws(StoreError) {
        try settling.withLock { _ throws(StoreError) in
            while let generation = state.withLock({ isNeeded($0) ? $0.unsettled.beginSettling() : nil }) {
                do throws(StoreError) {
                    try rules.beforeSettling?()
                    // What an earlier opening left is followed by nothing.
                    let position: LMDBChange.Position =
                        generation.end.salt == salt ? .set(generation.end) : .remove
                    let room = try environment.commit(
                        LMDBChange(content: .generation(generation), position: position))
                    // Freeing the memory of thousands of changes takes time, so it is not done under the lock.
                    let settled = state.withLock { $0.endSettling(room: room) }
                    withExtendedLifetime(settled) {}
                    condition.report(.settling, nil)
                } catch {
                    state.withLock { $0.failure = error }
                    condition.report(.settling, error)
                    throw error
                }
            }
        }
    }
}

extension Journal.State {
    /// Notes that LMDB has what was being settled, and gives that back.
    fileprivate mutating func endSettling(room: Int) -> Unsettled.Generation? {
        let settled = unsettled.endSettling()
        if let settled { ring.release(upTo: settled.end.offset, isEmpty: unsettled.isEmpty) }
        self.room = room
        failure = nil
        return settled
    }
}
