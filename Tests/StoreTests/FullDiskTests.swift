import Glibc
import StoreTesting
import Testing

@testable import Store

/// A limit on file sizes stands in for a full device: both make the system refuse to write.
@Suite struct FullDiskTests {
    @Test func `after a crash on a full disk the store opens, everything can be read, and writes resume with room`()
        async
    {
        await #expect(processExitsWith: .success) {
            let directory = TemporaryDirectory()
            signal(SIGXFSZ, SIG_IGN)
            let rules = Journal.Rules(patienceMilliseconds: nil)
            let locator = try StoreLocator("lmdb:store?mapsize=1M")
            let store = try LMDBStore(locator, relativeTo: directory.path, rules: rules)
            for number in 0..<60 as Range<UInt64> { try put(store, number, size: 3000) }
            let model = try StoreModel(store)
            try StoreFiles(store.directory).write(to: directory.path + "/copy")
            limitFiles(to: 131_072)
            let copied = try StoreLocator("lmdb:copy?mapsize=1M")
            for _ in 0..<2 {
                let copy = try LMDBStore(copied, relativeTo: directory.path, rules: rules)
                #expect(copy.condition.failures[.checkpointing]?.code == .diskFull)
                #expect(try StoreModel(copy) == model)
                let error = #expect(throws: StoreError.self) { try put(copy, 99, size: 10) }
                #expect(error?.code == .diskFull)
                #expect(try StoreModel(copy) == model)
                #expect(throws: StoreError.self) { try copy.close() }
            }
            let copy = try LMDBStore(copied, relativeTo: directory.path, rules: rules)
            limitFiles(to: nil)
            try put(copy, 99, size: 10)
            #expect(copy.condition.failures.isEmpty)
            try put(copy, 100, size: 10)
            #expect(try count(copy) == 62)
            try StoreFiles(copy.directory).write(to: directory.path + "/again")
            let again = try LMDBStore(try StoreLocator("lmdb:again"), relativeTo: directory.path)
            #expect(try StoreModel(again) == StoreModel(copy))
            for each in [again, copy, store] { try each.close() }
        }
    }

    @Test func `room that comes back is found by the store itself`() async {
        await #expect(processExitsWith: .success) {
            let directory = TemporaryDirectory()
            signal(SIGXFSZ, SIG_IGN)
            let locator = try StoreLocator("lmdb:store?mapsize=1M")
            let store = try LMDBStore(
                locator, relativeTo: directory.path, rules: Journal.Rules(patienceMilliseconds: nil))
            for number in 0..<60 as Range<UInt64> { try put(store, number, size: 3000) }
            try StoreFiles(store.directory).write(to: directory.path + "/copy")
            limitFiles(to: 131_072)
            let copy = try LMDBStore(
                try StoreLocator("lmdb:copy?mapsize=1M"), relativeTo: directory.path,
                rules: Journal.Rules(patienceMilliseconds: 1))
            let recovered = Flag()
            copy.condition.observe { part, error in
                if part == .checkpointing, error == nil { recovered.isSet = true }
            }
            #expect(!recovered.isSet)
            limitFiles(to: nil)
            while !recovered.isSet { usleep(1000) }
            #expect(copy.memtableRecords == 0)
            #expect(try count(copy) == 60)
            for each in [copy, store] { try each.close() }
        }
    }

    @Test func `a journal that cannot be written is told of at once, and so is that it can be again`() async {
        await #expect(processExitsWith: .success) {
            let directory = TemporaryDirectory()
            signal(SIGXFSZ, SIG_IGN)
            let store = try LMDBStore(
                try StoreLocator("lmdb:store?mapsize=1M"), relativeTo: directory.path,
                rules: Journal.Rules(patienceMilliseconds: nil))
            for _ in 0..<300 { try put(store, 1, size: 3000) }
            limitFiles(to: 1 << 20)
            try put(store, 2, size: 3000)
            #expect(store.condition.failures[.journal]?.code == .diskFull)
            #expect(store.condition.failures[.journal]?.message.contains("store/journal") == true)
            limitFiles(to: nil)
            try put(store, 3, size: 3000)
            #expect(store.condition.failures.isEmpty)
            try store.close()
        }
    }

    @Test func `what cannot be checkpointed is told of at once`() throws {
        let stores = TemporaryStores()
        let isFailing = Flag()
        let store = try stores.open(rules: .init(patienceMilliseconds: 1, beforeSettling: isFailing.check))
        let told = Flag()
        store.condition.observe { _, error in told.isSet = error != nil }
        try put(store, 0, size: 10)
        isFailing.isSet = true
        try put(store, 1, size: 10)
        while !told.isSet { usleep(1000) }
        #expect(store.condition.failures[.checkpointing]?.message == "no room to checkpoint")
        isFailing.isSet = false
        while told.isSet { usleep(1000) }
        #expect(store.condition.failures.isEmpty)
        try store.close()
    }

    /// What a delete of an object writes: less now, and more of the past.
    private func delete(_ number: UInt64) -> WriteBatch {
        var batch = WriteBatch()
        batch.remove(.data, key: key(number))
        batch.put(.versions, key: key(number), value: [UInt8](repeating: 2, count: 900))
        batch.put(.commits, key: key(number), value: [UInt8](repeating: 3, count: 900))
        return batch
    }

    @Test(arguments: ["&journal=off", "&journal=64K"])
    func `a full map keeps room for deletes, which keep the past, and for forgetting it`(journal: String) throws {
        let stores = TemporaryStores()
        let store = try stores.open("&mapsize-limit=2M" + journal)
        var stored: UInt64 = 0
        #expect(throws: StoreError.self) {
            while stored < 10_000 {
                try put(store, stored, size: 900)
                stored += 1
            }
        }
        // All pages are in use, and deletes take more bytes than they free.
        var deleted: UInt64 = 0
        let error = #expect(throws: StoreError.self) {
            while deleted < stored {
                try store.apply(delete(deleted))
                deleted += 1
            }
        }
        #expect(deleted > 100)
        #expect(error?.code == .diskFull && error?.message.contains("remove objects or history") == true)
        // Forgetting is possible even then, and makes room for everything.
        for number in 0..<90 as Range<UInt64> {
            var batch = WriteBatch()
            batch.remove(.versions, key: key(number))
            batch.remove(.commits, key: key(number))
            batch.put(.metadata, key: [1], value: key(number))
            try store.apply(batch)
        }
        for number in deleted..<deleted + 30 { try store.apply(delete(number)) }
        try store.close()
    }
}

/// Limits how long files may become.
private func limitFiles(to size: Int?) {
    var limits = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
    limits.rlim_cur = size.map { rlim_t($0) } ?? limits.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
}
