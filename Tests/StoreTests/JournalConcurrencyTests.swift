import Glibc
import StoreTesting
import Synchronization
import Testing

@testable import Store

/// The thread sanitizer does not see `Synchronization.Mutex` (Swift 6.3.1, Linux): it reports correct programs, too. To learn
/// something from it, build the store and its tests with a `Mutex` of their own over `pthread_mutex_t`.
@Suite struct JournalConcurrencyTests {
    private let stores = TemporaryStores()

    @Test func `what comes while others are checkpointed is kept and not written over`() throws {
        let turnstile = ExclusiveGate()
        let store = try stores.open(
            "&journal=68K", rules: .init(patienceMilliseconds: nil, beforeSettling: turnstile.pass))
        // The first batch goes to LMDB, each other takes one block of sixteen behind the header.
        for number in 0...6 as ClosedRange<UInt64> { try put(store, number, size: 3000) }
        let checkpointer = BackgroundThread { (try? store.journal?.checkpointEverything()) != nil }
        while turnstile.waiting == 0 { usleep(200) }
        for number in 7...12 as ClosedRange<UInt64> { try put(store, number, size: 3000) }
        #expect(try count(store) == 13)
        turnstile.permit(1)
        while turnstile.waiting == 0 || store.memtableRecords > 6 { usleep(200) }
        for number in 13...22 as ClosedRange<UInt64> { try put(store, number, size: 3000) }
        #expect(store.memtableRecords == 16)
        #expect(try count(store) == 23)
        try stores.copy(store)
        let again = try stores.open(name: "copy")
        #expect(try StoreModel(again) == StoreModel(store))
        try again.close()
        turnstile.permit(100)
        #expect(checkpointer.join())
        try store.close()
    }

    @Test func `readers see whole batches, in order, while changes are written and checkpointed`() throws {
        let store = try stores.open("&journal=128K", rules: .init(patienceMilliseconds: 1))
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
}

private func number(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
}
