import Synchronization

/// Makes batches durable by writing each to a file at once, and takes them to LMDB later, many in one transaction.
///
/// A batch is one record (`JournalRecord`) in a ring of blocks that were written before (`JournalRing`, `JournalFile`), so
/// that it costs the device one request, and no page of LMDB is copied for it. What is in the journal and not in LMDB is
/// kept in memory too (`Memtable`), and reads look there first. A thread (`Checkpointer`) checkpoints it: one LMDB transaction
/// applies the newest change of each key and notes where the journal goes on. The rules, and why:
///
/// - A record is never overwritten before it is checkpointed; a writer that finds no room checkpoints first. Long before that
///   each writer waits a little (`JournalPace`).
/// - LMDB knows where the next record must be. Where that is not sure (at first, and after a failure), the next batch goes
///   to LMDB directly, in the transaction that makes it sure. So do batches that clear a keyspace or are very large, and
///   those that may not fit into what the map may still grow by: nothing is acknowledged that cannot be checkpointed.
/// - A batch goes to LMDB directly only after everything before it is checkpointed.
/// - When checkpointing fails, what is in the journal is safe and can be read. From then on a batch is taken only after
///   checkpointing has succeeded, so the error comes to who writes.
///
/// Locks are taken in the order `writer`, `checkpointing`, the environment's gate, `state`.
final class Journal: Sendable {
    /// How and when to checkpoint.
    struct Rules: Sendable {
        /// How long a change waits for others to be checkpointed with; nil to checkpoint only when the ring asks for it.
        var patienceMilliseconds: Int? = 1000
        /// Runs before each attempt to checkpoint, which fails with what it throws; for tests.
        var beforeSettling: (@Sendable () throws(StoreError) -> Void)?
    }

    /// What only the writing thread uses.
    struct Writer {
        /// Nil before the first batch.
        var file: JournalFile?
        /// Whether LMDB surely expects a record with the next number, and at the place where it will be.
        var isInStep = false
        /// Whether the file could not be written the last time.
        var isFileFailing = false
        /// A number that no record has, not even one whose writing failed.
        var nextSequence: UInt64 = 1
        var isClosed = false
    }

    /// What writers, readers and the checkpointer share. The lock is held for moments only.
    struct State {
        var memtable: Memtable
        var ring: JournalRing
        /// How many bytes more the data may take at the end of the map.
        var room = 0
        /// Why checkpointing failed the last time; nil if it did not.
        var failure: StoreError?
    }

    let environment: ConcurrentEnvironment
    let directory: String
    let size: Int
    let rules: Rules
    let pace: JournalPace
    let salt: UInt64
    let writer = Mutex(Writer())
    let checkpointing = Mutex(())
    let state: Mutex<State>
    let checkpointer = Checkpointer()
    let condition: StoreCondition

    /// Makes a journal for an environment that expects no record but those of `leftover`.
    ///
    /// - Parameters:
    ///   - size: How long the file may become, whole blocks. The file is made by the first batch.
    ///   - leftover: what the last opening's journal has and LMDB could not be given for want of room.
    ///   - condition: told of what fails.
    init(
        _ environment: ConcurrentEnvironment, directory: String, size: Int, rules: Rules,
        leftover: Leftover? = nil, condition: StoreCondition = StoreCondition()
    ) {
        self.condition = condition
        self.environment = environment
        self.directory = directory
        self.size = size
        self.rules = rules
        pace = JournalPace(ringSize: size)
        salt = .random(in: 0...UInt64.max)
        let start = JournalPosition(salt: salt, sequence: 0, offset: 0)
        var state = State(memtable: Memtable(start: start), ring: JournalRing(limit: size, written: 0))
        if let leftover {
            state.memtable.takeUp(leftover.generation)
            state.failure = leftover.reason
        }
        self.state = Mutex(state)
        guard let leftover else { return }
        condition.report(.checkpointing, leftover.reason)
        guard let patience = rules.patienceMilliseconds else { return }
        startCheckpointer()
        checkpointer.schedule(afterMilliseconds: patience)
    }

    /// The changes of an earlier opening that are only in its journal, and why.
    struct Leftover {
        let generation: Memtable.Generation
        let reason: StoreError
    }

    /// Settles everything and notes in LMDB that the journal is empty. The environment stays open.
    ///
    /// - Throws: why checkpointing failed. What could not be checkpointed is in the journal and found by the next opening.
    func close() throws(StoreError) {
        try writer.withLock { writer throws(StoreError) in
            if writer.isClosed { return }
            writer.isClosed = true
            checkpointer.stop()
            defer {
                writer.file = nil
                state.withLock { $0.memtable = Memtable(start: $0.memtable.recent.end) }
            }
            try checkpointEverything()
            if writer.file != nil { try environment.commit(LMDBChange(content: .nothing, position: .remove)) }
        }
    }
}
