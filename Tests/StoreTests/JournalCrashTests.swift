import StoreTesting
import Testing

@testable import Store

/// A store that dies at any moment holds what was acknowledged, and of what was being written all or nothing.
@Suite struct JournalCrashTests {
    private let directory = TemporaryDirectory()
    private let rules = Journal.Rules(patienceMilliseconds: nil)

    private func open(_ name: String, journal: String) throws -> LMDBStore {
        let locator = try StoreLocator("lmdb:\(name)?mapsize=1M&journal=\(journal)")
        return try LMDBStore(locator, relativeTo: directory.path, rules: rules)
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `after a crash there are all acknowledged batches, and the one in flight whole or not at all`(
        seed: UInt64
    ) throws {
        var random = SeededGenerator(seed: seed)
        var model = StoreModel()
        var opened = 0
        let journal = ["64K", "128K", "1M"][Int(seed) % 3]
        var store = try open("store0", journal: journal)
        for step in 0..<150 {
            let comment: Comment = "seed \(seed) step \(step)"
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<75:
                let batch = StoreModel.randomBatch(&random)
                try store.apply(batch)
                model.apply(batch)
            case 75..<85: try store.journal?.checkpointEverything()
            case 85..<90:
                try store.close()
                store = try open("store\(opened)", journal: journal)
            default:
                let batch = StoreModel.randomBatch(&random)
                let files = try dying(store, during: batch, &random)
                opened += 1
                try files.write(to: directory.path + "/store\(opened)")
                // The other one is abandoned, as it were by a process that was killed.
                store = try open("store\(opened)", journal: journal)
                let found = try StoreModel(store)
                let after = model.applying(batch)
                #expect([model, after].contains(found), comment)
                model = found
            }
            if step % 5 == 0 { try model.check(store, &random, comment) }
        }
        try model.check(store, &random, "seed \(seed)")
        try store.close()
    }

    /// A store in which a record lies at the start of the journal, over the place behind the one before it.
    private func overlying() throws -> LMDBStore {
        let store = try open("store", journal: "1M")
        var batch = WriteBatch()
        batch.put(.data, key: [1], value: [1])
        // The first goes to LMDB, since nothing is known of the journal before.
        try store.apply(batch)
        for size in [20_000, 100_000] {
            try store.journal?.checkpointEverything()
            var batch = WriteBatch()
            batch.put(.data, key: [2], value: [UInt8](repeating: 7, count: size))
            try store.apply(batch)
        }
        return store
    }

    @Test func `a record that lies over the place behind the one before it is found`() throws {
        let store = try overlying()
        try StoreFiles(store.directory).write(to: directory.path + "/copy")
        let copy = try open("copy", journal: "1M")
        #expect(try copy.value(.data, key: [2])?.count == 100_000)
        try copy.close()
        try store.close()
    }

    @Test func `a record without its beginning that lies there was not written`() throws {
        let store = try overlying()
        var files = try StoreFiles(store.directory)
        var torn = try #require(files.journal)
        for index in JournalRecord.start..<JournalRecord.start + JournalRecord.blockSize { torn[index] = 0 }
        files.journal = torn
        try files.write(to: directory.path + "/copy")
        let copy = try open("copy", journal: "1M")
        #expect(try copy.value(.data, key: [2])?.count == 20_000)
        try copy.close()
        try store.close()
    }

    /// The files of a store that dies while it applies a batch: of what it writes to the journal, some sectors get there.
    private func dying(
        _ store: LMDBStore, during batch: WriteBatch, _ random: inout SeededGenerator
    ) throws -> StoreFiles {
        let before = try StoreFiles(store.directory)
        try store.apply(batch)
        var files = try StoreFiles(store.directory)
        guard files.data == before.data, let new = files.journal else { return files }
        let old = before.journal ?? []
        var torn = new
        for start in stride(from: 0, to: new.count, by: 512) where Bool.random(using: &random) {
            let end = min(start + 512, new.count)
            for index in start..<end { torn[index] = index < old.count ? old[index] : 0 }
        }
        files.journal = Int.random(in: 0..<4, using: &random) == 0 ? new : torn
        return files
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `damage of an acknowledged record is noticed, even of the last one`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let store = try open("store", journal: "256K")
        var model = StoreModel()
        for number in 0..<20 as Range<UInt64> {
            var batch = WriteBatch()
            batch.put(.data, key: key(number), value: random.bytes(0...9000))
            try store.apply(batch)
            model.apply(batch)
        }
        var files = try StoreFiles(store.directory)
        let used = (files.journal?.lastIndex { $0 != 0 } ?? 0) + 1
        files.journal?[Int.random(in: 0..<used, using: &random)] ^= 0x10
        try files.write(to: directory.path + "/damaged")
        do {
            let found = try StoreModel(try open("damaged", journal: "256K"))
            #expect(found == model, "seed \(seed): an acknowledged batch is lost without a word")
        } catch let error as StoreError {
            #expect(error.code == .corrupt)
            #expect(error.message.contains("/damaged/journal") && error.message.contains("to go on without"))
        }
    }
}
