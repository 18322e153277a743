import Store
import StoreTesting
import Synchronization
import Testing

@Suite struct FaultInjectingStoreTests {
    private let store = FaultInjectingStore(MemoryStore())

    private func put(_ key: UInt8) throws(StoreError) {
        var batch = WriteBatch()
        batch.put(.data, key: [key], value: [])
        try store.apply(batch)
    }

    private func keys() throws(StoreError) -> [UInt8] {
        var keys: [UInt8] = []
        try store.scan(.data) { key, _ in
            keys += Array(key)
            return true
        }
        return keys
    }

    @Test func `the call asked for fails, once, and has no effect`() throws {
        try put(1)
        store.fail(.apply, nth: 2, with: .diskFull)
        try put(2)
        let error = #expect(throws: StoreError.self) { try put(3) }
        #expect(error?.code == .diskFull)
        try put(4)
        #expect(try keys() == [1, 2, 4])
        #expect(store.count(of: .apply) == 4)
    }

    @Test func `a call can fail after it took effect`() throws {
        store.fail(.apply, .after)
        #expect(throws: StoreError.self) { try put(1) }
        #expect(try keys() == [1])
    }

    @Test func `failures last until healed`() throws {
        store.failUntilHealed(.scan)
        for _ in 1...3 { #expect(throws: StoreError.self) { try keys() } }
        store.heal()
        #expect(try keys() == [])
        #expect(store.count(of: .scan) == 4)
    }

    @Test func `every batch is shown before it is applied`() throws {
        let seen = Mutex(0)
        store.observeBatches { batch in seen.withLock { $0 += batch.count } }
        try put(1)
        store.fail(.apply)
        #expect(throws: StoreError.self) { try put(2) }
        #expect(seen.withLock { $0 } == 2)
    }
}
