import Glibc
import Testing

@testable import Store

@Suite struct JournalTests {
    private let stores = TemporaryStores()

    @Test func `a batch too large for the ring goes to LMDB, after what came before it`() throws {
        let store = try stores.open("&journal=64K")
        try put(store, 1, size: 10)
        try put(store, 2, size: 10)
        #expect(store.memtableRecords == 1)
        var batch = WriteBatch()
        batch.remove(.data, key: key(2))
        batch.put(.data, key: key(3), value: [UInt8](repeating: 1, count: 34_000))
        try store.apply(batch)
        #expect(store.memtableRecords == 0)
        try stores.copy(store)
        let again = try stores.open(name: "copy")
        #expect(try again.value(.data, key: key(2)) == nil)
        #expect(try count(again) == 2)
        try again.close()
        try store.close()
    }

    @Test func `a small load leaves a small file, a large one no more than the limit`() throws {
        let store = try stores.open("&journal=2M")
        let path = store.directory + "/journal"
        try put(store, 0, size: 10)
        #expect(Directory.sizeOfFile(path) == JournalRecord.blockSize, "the header")
        for number in 1..<200 as Range<UInt64> { try put(store, number, size: 3000) }
        #expect(Directory.sizeOfFile(path) == 1 << 20)
        for number in 1..<400 as Range<UInt64> { try put(store, number, size: 9000) }
        #expect(Directory.sizeOfFile(path) == 2 << 20)
        try store.close()
    }

    @Test func `changes are checkpointed by themselves in time`() throws {
        let store = try stores.open(rules: .init(patienceMilliseconds: 1))
        for number in 0..<5 as Range<UInt64> { try put(store, number, size: 3000) }
        while store.memtableRecords > 0 { usleep(1000) }
        #expect(try count(store) == 5)
        try store.close()
    }

    @Test func `a quarter of the ring is checkpointed without waiting for more`() throws {
        let store = try stores.open("&journal=1M", rules: .init(patienceMilliseconds: 1_000_000))
        for number in 0..<70 as Range<UInt64> { try put(store, number, size: 3000) }
        while store.memtableRecords > 20 { usleep(1000) }
        #expect(try count(store) == 70)
        try store.close()
    }
}
