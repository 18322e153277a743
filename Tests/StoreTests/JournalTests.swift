import CLMDB
import Glibc
import StoreTesting
import Synchronization
import Testing

@testable import Store

@Suite struct JournalTests {
    private let directory = TemporaryDirectory()

    private func open(
        _ options: String = "", name: String = "store", rules: Journal.Rules = .init(patienceMilliseconds: nil)
    ) throws -> LMDBStore {
        try LMDBStore(
            try StoreLocator("lmdb:\(name)?mapsize=1M\(options)"), relativeTo: directory.path, rules: rules)
    }

    /// A copy of the store as it would be found if the process had died.
    private func copy(_ store: LMDBStore) throws {
        try StoreFiles(store.directory).write(to: directory.path + "/copy")
    }

    @Test func `what is only in the journal is found by an opening for writing, with a journal and without`() throws {
        for options in ["", "&journal=off", "&journal=64K"] {
            let store = try open(name: "store" + options.suffix(3))
            for number in 0..<30 as Range<UInt64> { try put(store, number, size: 3000) }
            let files = try StoreFiles(store.directory)
            try files.write(to: directory.path + "/copy" + options.suffix(3))
            let again = try open(options, name: "copy" + options.suffix(3))
            #expect(try StoreModel(again) == StoreModel(store))
            try again.close()
            try store.close()
        }
    }

    @Test func `a store that was closed does not need its journal`() throws {
        let store = try open()
        for number in 0..<30 as Range<UInt64> { try put(store, number, size: 3000) }
        try store.close()
        #expect(unlink(directory.path + "/store/journal") == 0)
        let again = try open("&ro=true")
        #expect(try count(again) == 30)
        try again.close()
    }

    @Test func `a store that was not closed is refused without its journal, unless an empty one is made`() throws {
        let store = try open()
        for number in 0..<30 as Range<UInt64> { try put(store, number, size: 3000) }
        try copy(store)
        let journal = directory.path + "/copy/journal"
        #expect(unlink(journal) == 0)
        for options in ["", "&ro=true"] {
            let error = #expect(throws: StoreError.self) { try open(options, name: "copy") }
            #expect(error?.code == .corrupt)
            #expect(error?.message.contains("journal with its newest changes is missing") == true)
        }
        writeFile([], to: journal)
        let again = try open(name: "copy")
        #expect(try count(again) == 1, "the first batch goes to LMDB")
        try again.close()
    }

    @Test func `opening for reading settles a journal first, once`() throws {
        let store = try open()
        for number in 0..<30 as Range<UInt64> { try put(store, number, size: 3000) }
        try copy(store)
        let reading = try open("&ro=true", name: "copy")
        #expect(try StoreModel(reading) == StoreModel(store))
        try reading.close()
        let settled = try StoreFiles(directory.path + "/copy")
        try open("&ro=true", name: "copy").close()
        #expect(try StoreFiles(directory.path + "/copy") == settled)
    }

    @Test func `opening for reading says what to do when the journal cannot be settled`() async {
        await #expect(processExitsWith: .success) {
            let directory = TemporaryDirectory()
            signal(SIGXFSZ, SIG_IGN)
            let store = try LMDBStore(
                try StoreLocator("lmdb:store?mapsize=1M"), relativeTo: directory.path,
                rules: Journal.Rules(patienceMilliseconds: nil))
            for number in 0..<30 as Range<UInt64> { try put(store, number, size: 3000) }
            try StoreFiles(store.directory).write(to: directory.path + "/copy")
            var limits = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            limits.rlim_cur = 100_000
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            let error = #expect(throws: StoreError.self) {
                try LMDBStore(try StoreLocator("lmdb:copy?mapsize=1M&ro=true"), relativeTo: directory.path)
            }
            #expect(error?.message.contains("its journal cannot be settled") == true)
            #expect(error?.message.contains("open it for writing once") == true)
            limits.rlim_cur = limits.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            try store.close()
        }
    }

    @Test func `a store of version 1 is read as it is, and taken over when it is opened for writing`() throws {
        let old = try open("&journal=off")
        for number in 0..<30 as Range<UInt64> { try put(old, number, size: 3000) }
        try setFormat(of: old, "1")
        let model = try StoreModel(old)
        try old.close()
        let before = try StoreFiles(old.directory)
        let reading = try open("&ro=true")
        #expect(try StoreModel(reading) == model)
        try reading.close()
        #expect(try StoreFiles(old.directory) == before)

        let store = try open()
        #expect(try StoreModel(store) == model)
        #expect(try format(of: store) == "2")
        try put(store, 30, size: 10)
        try store.close()
        let again = try open()
        #expect(try count(again) == 31)
        try again.close()
    }

    @Test func `records of another time are not taken for new ones`() throws {
        let first = try open()
        for number in 0..<20 as Range<UInt64> { try put(first, number, size: 3000) }
        try first.close()
        let second = try open()
        try put(second, 100, size: 10)
        try put(second, 101, size: 10)
        try copy(second)
        let model = try StoreModel(second)
        let again = try open(name: "copy")
        #expect(try StoreModel(again) == model)
        try again.close()
    }

    @Test func `a batch too large for the ring goes to LMDB, after what came before it`() throws {
        let store = try open("&journal=64K")
        try put(store, 1, size: 10)
        try put(store, 2, size: 10)
        #expect(try unsettledRecords(store) == 1)
        var batch = WriteBatch()
        batch.remove(.data, key: key(2))
        batch.put(.data, key: key(3), value: [UInt8](repeating: 1, count: 17_000))
        try store.apply(batch)
        #expect(try unsettledRecords(store) == 0)
        try copy(store)
        let again = try open(name: "copy")
        #expect(try again.value(.data, key: key(2)) == nil)
        #expect(try count(again) == 2)
        try again.close()
        try store.close()
    }

    @Test func `a small load leaves a small file, a large one no more than the limit`() throws {
        let store = try open("&journal=2M")
        let path = store.directory + "/journal"
        try put(store, 0, size: 10)
        #expect(Directory.sizeOfFile(path) == 0)
        for number in 1..<200 as Range<UInt64> { try put(store, number, size: 3000) }
        #expect(Directory.sizeOfFile(path) == 1 << 20)
        for number in 1..<400 as Range<UInt64> { try put(store, number, size: 9000) }
        #expect(Directory.sizeOfFile(path) == 2 << 20)
        try store.close()
    }

    @Test func `changes are settled by themselves in time`() throws {
        let store = try open(rules: .init(patienceMilliseconds: 1))
        for number in 0..<5 as Range<UInt64> { try put(store, number, size: 3000) }
        while try unsettledRecords(store) > 0 { usleep(1000) }
        #expect(try count(store) == 5)
        try store.close()
    }

    @Test func `a quarter of the ring is settled without waiting for more`() throws {
        let store = try open("&journal=1M", rules: .init(patienceMilliseconds: 1_000_000))
        for number in 0..<70 as Range<UInt64> { try put(store, number, size: 3000) }
        while try unsettledRecords(store) > 20 { usleep(1000) }
        #expect(try count(store) == 70)
        try store.close()
    }

    @Test func `what cannot be settled is kept and read, writers are told why, and it goes on by itself`() throws {
        let isFailing = Flag()
        let store = try open(rules: .init(patienceMilliseconds: 1, beforeSettling: failing(isFailing)))
        try put(store, 0, size: 10)
        isFailing.isSet = true
        try put(store, 1, size: 3000)
        while store.journal?.state.withLock({ $0.failure }) == nil { usleep(1000) }
        for _ in 0..<3 {
            let error = #expect(throws: StoreError.self) { try put(store, 2, size: 3000) }
            #expect(error?.code == .diskFull)
            #expect(error?.message == "no room to settle")
        }
        #expect(try store.value(.data, key: key(2)) == nil)
        #expect(try store.value(.data, key: key(1))?.count == 3000)
        #expect(try count(store) == 2)
        try copy(store)
        isFailing.isSet = false
        try put(store, 2, size: 3000)
        #expect(try count(store) == 3)
        try store.close()
        for (name, expected) in [("store", 3), ("copy", 2)] {
            let again = try open(name: name)
            #expect(try count(again) == expected)
            try again.close()
        }
    }

    @Test func `closing says when something cannot be settled, lets go all the same, and loses nothing`() throws {
        let isFailing = Flag()
        let store = try open(rules: .init(patienceMilliseconds: nil, beforeSettling: failing(isFailing)))
        for number in 0..<5 as Range<UInt64> { try put(store, number, size: 3000) }
        isFailing.isSet = true
        let error = #expect(throws: StoreError.self) { try store.close() }
        #expect(error?.code == .diskFull)
        let closed = #expect(throws: StoreError.self) { try store.value(.data, key: key(3)) }
        #expect(closed?.code == .closed)
        try store.close()
        let again = try open()
        #expect(try count(again) == 5)
        try again.close()
    }

    @Test func `a store that cannot write its journal fails cleanly, and works on when it can`() async {
        await #expect(processExitsWith: .success) {
            let directory = TemporaryDirectory()
            signal(SIGXFSZ, SIG_IGN)
            let locator = try StoreLocator("lmdb:store?mapsize=1M")
            let rules = Journal.Rules(patienceMilliseconds: nil)
            let store = try LMDBStore(locator, relativeTo: directory.path, rules: rules)
            for number in 0..<10 as Range<UInt64> { try put(store, number, size: 5000) }
            var limits = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            limits.rlim_cur = 8192
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            let model = try StoreModel(store)
            for _ in 0..<3 {
                let error = #expect(throws: StoreError.self) { try put(store, 10, size: 5000) }
                #expect(error?.code == .diskFull)
                #expect(try StoreModel(store) == model)
            }
            limits.rlim_cur = limits.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            for number in 20..<30 as Range<UInt64> { try put(store, number, size: 5000) }
            try StoreFiles(store.directory).write(to: directory.path + "/copy")
            let copy = try LMDBStore(try StoreLocator("lmdb:copy"), relativeTo: directory.path)
            #expect(try StoreModel(copy) == StoreModel(store))
            try copy.close()
            try store.close()
        }
    }

    @Test func `a record whose writing failed is not replayed, since the next batch went to LMDB`() async {
        await #expect(processExitsWith: .success) {
            let directory = TemporaryDirectory()
            signal(SIGXFSZ, SIG_IGN)
            let locator = try StoreLocator("lmdb:store?mapsize=1M")
            let store = try LMDBStore(
                locator, relativeTo: directory.path, rules: Journal.Rules(patienceMilliseconds: nil))
            // LMDB needs a part of a megabyte for one key, the journal more for all its values.
            for _ in 0..<300 { try put(store, 1, size: 3000) }
            let journal = try #require(store.journal)
            let place = journal.state.withLock { $0.unsettled.recent.end }
            #expect(place.offset > 1 << 20)
            var limits = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            limits.rlim_cur = 1 << 20
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            try put(store, 2, size: 3000)
            limits.rlim_cur = limits.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            #expect(journal.state.withLock { $0.unsettled.isEmpty })
            try put(store, 3, size: 3000)

            // Had the write failed after it reached the disk, this record would be there.
            var batch = WriteBatch()
            batch.put(.data, key: key(4), value: [4])
            var files = try StoreFiles(store.directory)
            var record = [UInt8](repeating: 0, count: JournalRecord.blockSize)
            record.withUnsafeMutableBytes {
                JournalRecord.encode(batch, salt: place.salt, sequence: place.sequence, into: $0)
            }
            files.journal?.replaceSubrange(place.offset..<place.offset + record.count, with: record)
            try files.write(to: directory.path + "/copy")
            let copy = try LMDBStore(try StoreLocator("lmdb:copy"), relativeTo: directory.path)
            #expect(try count(copy) == 3)
            #expect(try copy.value(.data, key: key(4)) == nil)
            try copy.close()
            try store.close()
        }
    }

    @Test func `readers see whole batches, in order, while changes are written and settled`() throws {
        let store = try open("&journal=128K", rules: .init(patienceMilliseconds: 1))
        let isDone = Mutex(false)
        let readers = (0..<3).map { reader in
            BackgroundThread { () -> String? in
                do throws(StoreError) {
                    var last: UInt64 = 0
                    while !isDone.withLock({ $0 }) {
                        let single = try store.value(.metadata, key: [1]).map(number) ?? 0
                        if single < last { return "value \(single) after \(last)" }
                        var seen: [UInt64] = []
                        let keyspace = reader == 0 ? Keyspace.metadata : .data
                        try store.scan(keyspace, from: nil, upTo: nil, descending: reader == 1) { _, value in
                            seen.append(number(Array(value.prefix(8))))
                            return true
                        }
                        if Set(seen).count > 1 { return "a scan saw \(Set(seen))" }
                        last = max(seen.first ?? 0, single)
                    }
                } catch {
                    return error.description
                }
                return nil
            }
        }
        let outcome = Result {
            for round in 1...600 as ClosedRange<UInt64> {
                var batch = WriteBatch()
                batch.put(.data, key: [1], value: key(round))
                batch.put(.data, key: [2], value: key(round) + [UInt8](repeating: 0, count: Int(round) % 7 * 3000))
                batch.put(.metadata, key: [1], value: key(round))
                batch.put(.versions, key: key(round), value: [UInt8](repeating: 1, count: 4000))
                try store.apply(batch)
            }
        }
        isDone.withLock { $0 = true }
        for reader in readers { #expect(reader.join() == nil) }
        try outcome.get()
        try store.close()
    }

    @Test func `a store that is dropped without closing leaves its changes in the journal`() throws {
        for _ in 0..<20 {
            let store = try open(rules: .init(patienceMilliseconds: 0))
            for number in 0..<5 as Range<UInt64> { try put(store, number, size: 100) }
        }
        let again = try open()
        #expect(try count(again) == 5)
        try again.close()
    }

    /// Has settling fail while the flag is set.
    private func failing(_ flag: Flag) -> @Sendable () throws(StoreError) -> Void {
        { () throws(StoreError) in
            if flag.isSet { throw StoreError(.diskFull, "no room to settle") }
        }
    }

    private func unsettledRecords(_ store: LMDBStore) throws -> Int {
        try #require(store.journal).state.withLock { state in
            state.unsettled.recent.recordCount + (state.unsettled.settling?.recordCount ?? 0)
        }
    }

    private func setFormat(of store: LMDBStore, _ text: String) throws {
        try store.environment.gate.write { environment throws(StoreError) in
            try environment.transaction(writing: true) { transaction throws(StoreError) in
                try transaction.put(MDB_dbi(1), key: LMDBFormat.key, value: Array(text.utf8))
            }
        }
    }

    private func format(of store: LMDBStore) throws -> String? {
        try store.environment.read { transaction throws(StoreError) in
            try transaction.value(MDB_dbi(1), key: LMDBFormat.key).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}

private final class Flag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

private func number(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
}
