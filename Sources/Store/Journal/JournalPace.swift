import Glibc
import Synchronization

/// How much of a journal may wait to be taken to LMDB, and how writers are slowed when more does.
///
/// Writers that come faster than LMDB takes their changes would fill the ring, and then all wait until a large part of it is
/// free. So each batch waits a little, the longer the more there is, until as much goes as comes.
struct JournalPace: Sendable {
    /// From so many bytes on they are checkpointed at once, and not when their time has come.
    let checkpointSize: Int
    /// Up to so many bytes nobody waits.
    let freeSize: Int
    /// The longest rest after a batch.
    static let longestRest = Duration.milliseconds(16)

    /// LMDB's pages go to the disk together, and whoever writes meanwhile waits for them: few at a time. Fewer yet would have
    /// the same pages written more often.
    private static let usualCheckpointSize = 1 << 20
    /// The rest grows by a millisecond with each of so many parts of `freeSize`.
    private static let parts = 8

    /// The pace that suits a ring of `size` bytes.
    init(ringSize size: Int) {
        checkpointSize = min(size / 4, Self.usualCheckpointSize)
        freeSize = min(size / 2, Self.parts * checkpointSize)
    }

    /// How long to rest after a batch, while `waiting` bytes are to be checkpointed.
    func rest(waiting: Int) -> Duration {
        guard waiting > freeSize else { return .zero }
        return min(.microseconds((waiting - freeSize) * 1000 * Self.parts / max(freeSize, 1)), Self.longestRest)
    }
}

extension Journal {
    /// Has the writer's thread rest if much is to be checkpointed.
    func rest() {
        // Where nobody checkpoints meanwhile, waiting would make no room.
        guard rules.patienceMilliseconds != nil else { return }
        let rest = pace.rest(waiting: state.withLock { $0.memtable.byteCount })
        if rest > .zero { usleep(UInt32(rest / .microseconds(1))) }
    }
}
