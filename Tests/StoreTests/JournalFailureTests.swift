import Glibc
import StoreTesting
import Synchronization
import Testing

@testable import Store

/// Nothing acknowledged is lost, and nobody is told that it is, when disks fail.
@Suite struct JournalFailureTests {
    private let stores = TemporaryStores()

    @Test func `what cannot be checkpointed is kept and read, writers are told why, and it goes on by itself`() throws {
        let isFailing = Flag()
        let store = try stores.open(rules: .init(patienceMilliseconds: 1, beforeSettling: isFailing.check))
        try put(store, 0, size: 10)
        isFailing.isSet = true
        try put(store, 1, size: 3000)
        while store.journal?.state.withLock({ $0.failure }) == nil { usleep(1000) }
        for _ in 0..<3 {
            let error = #expect(throws: StoreError.self) { try put(store, 2, size: 3000) }
            #expect(error?.code == .diskFull)
            #expect(error?.message == "no room to checkpoint")
        }
        #expect(try store.value(.data, key: key(2)) == nil)
        #expect(try store.value(.data, key: key(1))?.count == 3000)
        #expect(try count(store) == 2)
        try stores.copy(store)
        isFailing.isSet = false
        try put(store, 2, size: 3000)
        #expect(try count(store) == 3)
        try store.close()
        for (name, expected) in [("store", 3), ("copy", 2)] {
            let again = try stores.open(name: name)
            #expect(try count(again) == expected)
            try again.close()
        }
    }

    @Test func `closing says when something cannot be checkpointed, lets go all the same, and loses nothing`() throws {
        let isFailing = Flag()
        let store = try stores.open(rules: .init(patienceMilliseconds: nil, beforeSettling: isFailing.check))
        for number in 0..<5 as Range<UInt64> { try put(store, number, size: 3000) }
        isFailing.isSet = true
        let error = #expect(throws: StoreError.self) { try store.close() }
        #expect(error?.code == .diskFull)
        let closed = #expect(throws: StoreError.self) { try store.value(.data, key: key(3)) }
        #expect(closed?.code == .closed)
        try store.close()
        let again = try stores.open()
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
            let place = journal.state.withLock { $0.memtable.recent.end }
            #expect(place.offset > 1 << 20)
            var limits = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            limits.rlim_cur = 1 << 20
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            try put(store, 2, size: 3000)
            limits.rlim_cur = limits.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            #expect(journal.state.withLock { $0.memtable.isEmpty })
            try put(store, 3, size: 3000)

            // Had the write failed after it reached the disk, this record would be there.
            var batch = WriteBatch()
            batch.put(.data, key: key(4), value: [4])
            var files = try StoreFiles(store.directory)
            var record = [UInt8](repeating: 0, count: JournalRecord.blockSize)
            record.withUnsafeMutableBytes {
                JournalRecord.encode(
                    batch, salt: place.salt, sequence: place.sequence, at: place.offset, into: $0)
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
}
