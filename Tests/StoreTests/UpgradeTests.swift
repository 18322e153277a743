import Basics
import StoreTesting
import Testing

@testable import Store

/// Stores that were written before values had checksums.
@Suite struct UpgradeTests {
    private let stores = TemporaryStores()

    /// A store of an older format, not open, and what it holds.
    private func old(_ format: String, _ name: String = "store") throws -> StoreModel {
        let store = try stores.open("&journal=off", name: name)
        var random = SeededGenerator(seed: 5)
        for _ in 0..<40 { try store.apply(StoreModel.randomBatch(&random)) }
        for number in 0..<60 as Range<UInt64> { try put(store, number, size: 700) }
        let model = try StoreModel(store)
        try store.makeOld(format)
        try store.close()
        return model
    }

    @Test(arguments: ["1", "2"])
    func `an older store is read as it is, and gets checksums in place when it is opened for writing`(
        format: String
    ) throws {
        let model = try old(format)
        let before = try StoreFiles(stores.path + "/store")
        let reading = try stores.open("&ro=true")
        #expect(try StoreModel(reading) == model)
        try reading.close()
        #expect(try StoreFiles(stores.path + "/store") == before)

        var told: [Int] = []
        let locator = try StoreLocator("lmdb:store?mapsize=1M")
        let store = try LMDBStore(locator, relativeTo: stores.path) { told.append($0.percent) }
        #expect(told.first == 0 && told.last == 100)
        #expect(try StoreModel(store) == model)
        #expect(try store.format() == "3")
        try put(store, 30, size: 10)
        try store.close()
        let again = try LMDBStore(locator, relativeTo: stores.path) { _ in Issue.record("it is done") }
        #expect(try again.value(.data, key: key(30))?.count == 10)
        try again.close()
    }

    @Test func `an upgrade that was interrupted anywhere goes on where it was`() throws {
        let model = try old("2")
        let files = try StoreFiles(stores.path + "/store")
        var steps = 0
        for interruption in 0..<200 {
            let name = "copy\(interruption)"
            try files.write(to: stores.path + "/" + name)
            let isWhole = try interrupted(name, after: interruption)
            for options in ["&ro=true", ""] {
                let store = try stores.open(options, name: name)
                #expect(try StoreModel(store) == model, "interrupted after \(interruption) steps")
                #expect(try store.format() == "3" || interruption == 0)
                try store.close()
            }
            steps = interruption
            if isWhole { break }
        }
        #expect((5..<199).contains(steps))
    }

    private struct Interruption: Error {}

    /// Upgrades in small steps, some of them only.
    private func interrupted(_ name: String, after count: Int) throws -> Bool {
        let options = try LMDBOptions(try StoreLocator("lmdb:\(name)?mapsize=1M"))
        let environment = ConcurrentEnvironment(try LMDBEnvironment(stores.path + "/" + name, options))
        defer { try? environment.close() }
        var done = 0
        for _ in 0..<count {
            let mark = try environment.read { transaction throws(StoreError) in try transaction.upgradeMark() }
            if done > 0, mark == nil { return true }
            try environment.commit(LMDBChange(content: .upgrade(limit: 8000), position: .keep))
            try environment.gate.alone { environment throws(StoreError) in environment.noteUpgrade() }
            done += 1
        }
        return false
    }

    @Test func `an older store that was not closed keeps what is only in its journal`() throws {
        let store = try stores.open("&journal=off")
        for number in 0..<20 as Range<UInt64> { try put(store, number, size: 700) }
        try store.makeOld("2", journalAt: JournalPosition(salt: 77, sequence: 5, offset: 0))
        try store.close()
        var journal: [UInt8] = []
        for number in 0..<3 as Range<UInt64> {
            var batch = WriteBatch()
            batch.put(.data, key: key(number), value: [UInt8](repeating: 9, count: 6000))
            journal += try plainRecord(batch, salt: 77, sequence: 5 + number)
        }
        writeFile(journal + [UInt8](repeating: 0, count: 40_960), to: stores.path + "/store/journal")
        let again = try stores.open()
        for number in 0..<3 as Range<UInt64> { #expect(try again.value(.data, key: key(number))?.count == 6000) }
        #expect(try count(again) == 20)
        try put(again, 50, size: 100)
        try put(again, 51, size: 100)
        try stores.copy(again)
        let copy = try stores.open(name: "copy")
        #expect(try count(copy) == 22)
        try copy.close()
        try again.close()
    }

    /// A record as format 2 wrote it.
    private func plainRecord(_ batch: WriteBatch, salt: UInt64, sequence: UInt64) throws -> [UInt8] {
        var sealed = [UInt8](repeating: 0, count: try #require(JournalRecord.length(of: batch)))
        sealed.withUnsafeMutableBytes { JournalRecord.encode(batch, salt: salt, sequence: sequence, at: 0, into: $0) }
        var record = sealed.withUnsafeBytes { JournalSector.content($0) }
        let length = try #require(record.withUnsafeBytes { JournalRecord.Header($0) }).length
        record.removeLast(record.count - length)
        record.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: 1, toByteOffset: 8, as: UInt32.self)
            let sum = CRC32C.checksum(UnsafeRawBufferPointer(bytes).part(8..<length))
            bytes.storeBytes(of: sum, toByteOffset: 4, as: UInt32.self)
        }
        return record + [UInt8](repeating: 0, count: roundUp(length, to: JournalRecord.blockSize) - length)
    }
}
