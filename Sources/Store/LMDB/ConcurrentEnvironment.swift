import CLMDB

/// An LMDB environment for many threads, which is enlarged when it is full and reopened when it has died.
///
/// **How the map grows.** LMDB maps a fixed number of bytes, and fails a transaction that needs more. `commit` then
/// drops that transaction, waits at the gate until no read runs in this process, holds back new ones, doubles the map
/// and starts over. Nobody notices but for the wait, which is why a visitor must not wait for a write. At
/// `mapsize-limit` a batch fails as `diskFull`, unless it frees more than it stores: such batches may use a reserve
/// beyond the limit, and so may what a journal has.
final class ConcurrentEnvironment: Sendable {
    let gate: TransactionGate<LMDBEnvironment>

    init(_ environment: sending LMDBEnvironment) {
        gate = TransactionGate(environment)
    }

    /// Runs `body` in a transaction that reads; see `LMDBEnvironment.transaction`.
    func read<Result>(
        starting: (() -> Int32) -> Int32 = { $0() }, _ body: (LMDBTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try recovering { () throws(StoreError) in
            try gate.read { environment throws(StoreError) in
                try environment.transaction(writing: false, starting: starting, body)
            }
        }
    }

    /// The value stored under `key`, copied.
    func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        try read { transaction throws(StoreError) in
            try transaction.value(keyspace, key: key).map { Array($0) }
        }
    }

    /// Makes a change, durably.
    ///
    /// - Returns: the environment's `room` after it.
    @discardableResult
    func commit(_ change: LMDBChange) throws(StoreError) -> Int {
        while true {
            do throws(StoreError) {
                return try recovering { () throws(StoreError) in
                    try gate.write { environment throws(StoreError) in
                        try environment.perform(change)
                        return environment.room
                    }
                }
            } catch {
                guard error.isMapFull else { throw error }
                let room = try gate.alone { environment throws(StoreError) in
                    try environment.makeRoom(for: change) ? environment.room : nil
                }
                if let room { return room }
            }
        }
    }

    /// Waits for running calls to end and closes the environment.
    func close() throws(StoreError) {
        try gate.close { $0.close() }
    }

    /// Runs `body`, and if the environment turns out to be dead since an earlier failure, reopens it and runs `body`
    /// again.
    private func recovering<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        do throws(StoreError) {
            return try body()
        } catch {
            guard error.isPanic else { throw error }
            do throws(StoreError) {
                try gate.alone { environment throws(StoreError) in try environment.reopen() }
            } catch let refusal {
                // Inside a scan there is no way to reopen; what is wrong is the environment, not the caller.
                throw refusal.code == .misuse ? error : refusal
            }
            return try body()
        }
    }
}

extension LMDBEnvironment {
    /// Makes a change in a transaction of its own.
    fileprivate func perform(_ change: LMDBChange) throws(StoreError) {
        try transaction(writing: true) { transaction throws(StoreError) in try transaction.perform(change) }
    }

    /// Enlarges the map for a change that did not fit, or makes the change out of the reserve if the map may not grow.
    ///
    /// - Returns: Whether the change is made.
    fileprivate func makeRoom(for change: LMDBChange) throws(StoreError) -> Bool {
        let size = mapSize
        if size < options.mapSizeLimit {
            try resize(to: min(size * 2, options.mapSizeLimit))
            return false
        }
        if case .batch(let batch) = change.content {
            let growth = try transaction(writing: false) { transaction throws(StoreError) in
                try transaction.growth(of: batch)
            }
            guard growth.mayUse(reserve: options.reserve, left: room + options.reserve) else {
                throw .full(self, advice: "remove objects or history")
            }
        }
        try resize(to: size + options.reserve)
        let outcome: Result<Void, StoreError> = Result { () throws(StoreError) in try perform(change) }
        try resize(to: options.mapSizeLimit)
        if case .failure(let error) = outcome {
            throw error.isMapFull ? .full(self, advice: "remove in smaller batches") : error
        }
        return true
    }
}

extension StoreError {
    fileprivate static func full(_ environment: LMDBEnvironment, advice: String) -> StoreError {
        let limit = ByteSize.format(environment.options.mapSizeLimit)
        return StoreError(
            .diskFull,
            "the store in \(environment.directory) is full: its data fills the limit of \(limit). "
                + "Raise mapsize-limit in its locator, or \(advice)")
    }

    fileprivate var isMapFull: Bool { cause?.number == MDB_MAP_FULL }
    fileprivate var isPanic: Bool { cause?.number == MDB_PANIC }
}
