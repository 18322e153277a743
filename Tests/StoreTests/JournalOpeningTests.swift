import Glibc
import StoreTesting
import Testing

@testable import Store

/// What an opening makes of a journal that another left.
@Suite struct JournalOpeningTests {
    private let stores = TemporaryStores()

    @Test func `what is only in the journal is found by an opening for writing, with a journal and without`() throws {
        for options in ["", "&journal=off", "&journal=64K"] {
            let store = try stores.open(name: "store" + options.suffix(3))
            for number in 0..<30 as Range<UInt64> { try put(store, number, size: 3000) }
            let files = try StoreFiles(store.directory)
            try files.write(to: stores.path + "/copy" + options.suffix(3))
            let again = try stores.open(options, name: "copy" + options.suffix(3))
            #expect(try StoreModel(again) == StoreModel(store))
            try again.close()
            try store.close()
        }
    }

    @Test func `a store that was closed does not need its journal`() throws {
        let store = try stores.open()
        for number in 0..<30 as Range<UInt64> { try put(store, number, size: 3000) }
        try store.close()
        #expect(unlink(stores.path + "/store/journal") == 0)
        let again = try stores.open("&ro=true")
        #expect(try count(again) == 30)
        try again.close()
    }

    @Test func `a store that was not closed is refused without its journal, unless that is given up for once`() throws {
        let store = try stores.open()
        for number in 0..<30 as Range<UInt64> { try put(store, number, size: 3000) }
        try stores.copy(store)
        let journal = stores.path + "/copy/journal"
        #expect(unlink(journal) == 0)
        for options in ["", "&ro=true"] {
            let error = #expect(throws: StoreError.self) { try stores.open(options, name: "copy") }
            #expect(error?.code == .corrupt)
            #expect(error?.message.contains("journal with its newest changes is missing") == true)
        }
        writeFile([], to: journal)
        #expect(throws: StoreError.self, "an empty one is one that was cut short") { try stores.open(name: "copy") }
        #expect(unlink(journal) == 0)
        writeFile([], to: stores.path + "/copy/journal.discarded")
        let again = try stores.open(name: "copy")
        #expect(try count(again) == 1, "the first batch goes to LMDB")
        for number in 0..<30 as Range<UInt64> { try put(again, number, size: 3000) }
        try StoreFiles(again.directory).write(to: stores.path + "/second")
        try again.close()
        #expect(unlink(stores.path + "/second/journal") == 0)
        #expect(throws: StoreError.self, "it counts once") { try stores.open(name: "second") }
    }

    @Test func `opening for reading checkpoints a journal first, once`() throws {
        let store = try stores.open()
        for number in 0..<30 as Range<UInt64> { try put(store, number, size: 3000) }
        try stores.copy(store)
        let reading = try stores.open("&ro=true", name: "copy")
        #expect(try StoreModel(reading) == StoreModel(store))
        try reading.close()
        let checkpointed = try StoreFiles(stores.path + "/copy")
        try stores.open("&ro=true", name: "copy").close()
        #expect(try StoreFiles(stores.path + "/copy") == checkpointed)
    }

    @Test func `opening for reading says what to do when the journal cannot be checkpointed`() async {
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
            #expect(error?.message.contains("its journal cannot be checkpointed") == true)
            #expect(error?.message.contains("open it for writing once") == true)
            limits.rlim_cur = limits.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            try store.close()
        }
    }

    @Test func `records of another time are not taken for new ones`() throws {
        let first = try stores.open()
        for number in 0..<20 as Range<UInt64> { try put(first, number, size: 3000) }
        try first.close()
        let second = try stores.open()
        try put(second, 100, size: 10)
        try put(second, 101, size: 10)
        try stores.copy(second)
        let model = try StoreModel(second)
        let again = try stores.open(name: "copy")
        #expect(try StoreModel(again) == model)
        try again.close()
    }

    @Test func `a store that is dropped without closing leaves its changes in the journal`() throws {
        for _ in 0..<20 {
            let store = try stores.open(rules: .init(patienceMilliseconds: 0))
            for number in 0..<5 as Range<UInt64> { try put(store, number, size: 100) }
        }
        let again = try stores.open()
        #expect(try count(again) == 5)
        try again.close()
    }
}
