import CLMDB
import Glibc
import StoreTesting
import Synchronization

@testable import Store

/// A directory for stores with small maps, which checkpoint only when they must unless told otherwise.
struct TemporaryStores {
    private let directory = TemporaryDirectory()

    var path: String { directory.path }

    func open(
        _ options: String = "", name: String = "store", rules: Journal.Rules = .init(patienceMilliseconds: nil)
    ) throws -> LMDBStore {
        try LMDBStore(try StoreLocator("lmdb:\(name)?mapsize=1M\(options)"), relativeTo: path, rules: rules)
    }

    /// Copies a store to `copy`, as it would be found if the process had died.
    func copy(_ store: LMDBStore) throws {
        try StoreFiles(store.directory).write(to: path + "/copy")
    }
}

extension LMDBStore {
    /// How many records are in the journal and not in LMDB.
    var memtableRecords: Int {
        journal?.state.withLock { state in
            state.memtable.recent.recordCount + (state.memtable.checkpointing?.recordCount ?? 0)
        } ?? 0
    }

    /// The format version that is written in the store.
    func format() throws -> String? {
        try environment.read { transaction throws(StoreError) in
            try transaction.rawValue(MDB_dbi(1), key: LMDBFormat.key).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Makes a store, opened with `journal=off`, one of format 1 or 2, whose values have no checksums.
    ///
    /// - Parameter position: where its journal goes on.
    func makeOld(_ format: String, journalAt position: JournalPosition? = nil) throws {
        try environment.gate.write { environment throws(StoreError) in
            try environment.transaction(writing: true) { transaction throws(StoreError) in
                for database in transaction.databases {
                    var pairs: [([UInt8], [UInt8])] = []
                    try transaction.rawScan(database, from: nil, upTo: nil, descending: false) { key, value in
                        pairs.append((Array(key), Array(value.dropLast(ValueEnvelope.overhead))))
                        return true
                    }
                    for (key, value) in pairs { try transaction.rawPut(database, key: key, value: value) }
                }
                try transaction.remove(MDB_dbi(1), key: StoreState.key)
                try transaction.rawPut(MDB_dbi(1), key: LMDBFormat.key, value: Array(format.utf8))
                guard let position else { return }
                try transaction.rawPut(MDB_dbi(1), key: JournalPosition.key, value: position.encoded)
            }
        }
    }
}

/// Whether checkpointing fails.
final class Flag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    /// Throws while the flag is set.
    @Sendable func check() throws(StoreError) {
        if isSet { throw StoreError(.diskFull, "no room to checkpoint") }
    }
}

/// Lets through as often as it was told to; others wait.
final class ExclusiveGate: Sendable {
    private struct State {
        var waiting = 0
        var permits = 0

        mutating func enter() -> Bool {
            guard permits > 0 else { return false }
            permits -= 1
            waiting -= 1
            return true
        }
    }

    private let state = Mutex(State())

    /// How many wait.
    var waiting: Int { state.withLock { $0.waiting } }

    /// Lets some through.
    func permit(_ count: Int) {
        state.withLock { $0.permits += count }
    }

    /// Waits to be let through.
    @Sendable func pass() {
        state.withLock { $0.waiting += 1 }
        while !state.withLock({ $0.enter() }) { usleep(200) }
    }
}
