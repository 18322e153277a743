import Glibc
import StoreTesting
import Synchronization
import Testing

@testable import Store

@Suite struct LMDBGrowthTests {
    private let directory = TemporaryDirectory()

    private func open(_ options: String = "") throws -> LMDBStore {
        try LMDBStore(try StoreLocator("lmdb:store" + options), relativeTo: directory.path)
    }

    @Test func `the map grows beyond its first size under concurrent readers`() throws {
        let store = try open("?mapsize=1M")
        let isDone = Mutex(false)
        let readers = (0..<3).map { _ in
            BackgroundThread { () -> String? in
                do throws(StoreError) {
                    while !isDone.withLock({ $0 }) {
                        var next: UInt64 = 0
                        try store.scan(.data) { (found, value) throws(StoreError) in
                            let isAsWritten =
                                Array(found) == key(next) && value.allSatisfy { $0 == UInt8(truncatingIfNeeded: next) }
                            guard isAsWritten else { throw StoreError(.corrupt, "pair \(next) is not as written") }
                            next += 1
                            return true
                        }
                    }
                } catch {
                    return error.description
                }
                return nil
            }
        }
        let outcome = Result { for number in 0..<120 as Range<UInt64> { try put(store, number, size: 50_000) } }
        isDone.withLock { $0 = true }
        for reader in readers { #expect(reader.join() == nil) }
        try outcome.get()
        try store.journal?.checkpointEverything()
        #expect(try store.environment.gate.read { environment throws(StoreError) in environment.mapSize } == 8 << 20)
        try store.close()

        let again = try open("?mapsize=1M")
        #expect(try again.environment.gate.read { environment throws(StoreError) in environment.mapSize } == 8 << 20)
        #expect(try count(again) == 120)
        try again.close()
    }

    @Test func `one batch larger than the map is applied`() throws {
        let store = try open("?mapsize=1M")
        var batch = WriteBatch()
        for number in 0..<50 as Range<UInt64> {
            batch.put(.data, key: key(number), value: [UInt8](repeating: 1, count: 100_000))
        }
        try store.apply(batch)
        #expect(try count(store) == 50)
        try store.close()
    }

    /// Puts values of 300 bytes, 20 at a time, until there is no room, and says how many.
    private func fill(_ store: LMDBStore) throws -> UInt64 {
        var stored: UInt64 = 0
        let error = #expect(throws: StoreError.self) {
            while stored < 100_000 {
                var batch = WriteBatch()
                for number in stored..<stored + 20 {
                    batch.put(.data, key: key(number), value: [UInt8](repeating: 1, count: 300))
                }
                try store.apply(batch)
                stored += 20
            }
        }
        #expect(error?.code == .diskFull)
        #expect(error?.message.contains("limit of 2M. Raise mapsize-limit") == true)
        return stored
    }

    @Test func `at the limit a store refuses more, can be emptied, and then takes more again`() throws {
        let store = try open("?mapsize=1M&mapsize-limit=2M")
        let stored = try fill(store)
        #expect(try count(store) == Int(stored))

        // Removing one pair a page copies every page: more than is free, so that only the reserve makes it possible.
        var batch = WriteBatch()
        for number in stride(from: 0, to: stored / 3, by: 10) { batch.remove(.data, key: key(number)) }
        try store.apply(batch)
        #expect(try count(store) == Int(stored) - batch.count)
        // What is left of the reserve is not for puts.
        let error = #expect(throws: StoreError.self) { try put(store, stored, size: 900_000) }
        #expect(error?.code == .diskFull)

        for start in stride(from: 0, to: stored, by: 100) {
            var batch = WriteBatch()
            for number in start..<start + 100 { batch.remove(.data, key: key(number)) }
            try store.apply(batch)
        }
        #expect(try count(store) == 0)
        #expect(try fill(store) > stored / 2)
        try store.close()
    }

    @Test func `a store that was full takes more with a higher limit`() throws {
        let full = try open("?mapsize-limit=2M")
        let stored = try fill(full)
        try full.close()
        let store = try open("?mapsize-limit=8M")
        for number in 0..<30 as Range<UInt64> { try put(store, stored + number, size: 100_000) }
        #expect(try count(store) == Int(stored) + 30)
        try store.close()
    }

    @Test func `a removal too large even for the reserve says that smaller ones would do`() throws {
        let store = try open("?mapsize-limit=2M")
        let stored = try fill(store)
        var batch = WriteBatch()
        for number in stride(from: 0, to: stored, by: 10) { batch.remove(.data, key: key(number)) }
        let error = #expect(throws: StoreError.self) { try store.apply(batch) }
        #expect(error?.code == .diskFull)
        #expect(error?.message.contains("in smaller batches") == true)
        #expect(try count(store) == Int(stored))
        try store.close()
    }

    @Test func `a full store can be cleared`() throws {
        let store = try open("?mapsize=1M&mapsize-limit=1M")
        let error = #expect(throws: StoreError.self) {
            for number in 0..<100 as Range<UInt64> { try put(store, number, size: 50_000) }
        }
        #expect(error?.code == .diskFull)
        var batch = WriteBatch()
        batch.clear(.data)
        batch.put(.metadata, key: [1], value: [1])
        try store.apply(batch)
        #expect(try count(store) == 0)
        try store.close()
    }

    @Test func `a write the device has no room for fails cleanly and can be repeated`() async {
        await #expect(processExitsWith: .success) {
            // A limit on file sizes stands in for a full device: both make the system refuse to write.
            let directory = TemporaryDirectory()
            signal(SIGXFSZ, SIG_IGN)
            let store = try LMDBStore(try StoreLocator("lmdb:store?mapsize=1M"), relativeTo: directory.path)
            try put(store, 1, size: 10_000)
            for limit in [300_000, 1 << 20] as [rlim_t] {
                var limits = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
                limits.rlim_cur = limit
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
                let error = #expect(throws: StoreError.self) { try put(store, 2, size: 3_000_000) }
                #expect(error?.code == .diskFull)
                #expect(try store.value(.data, key: key(2)) == nil)
                #expect(try store.value(.data, key: key(1))?.count == 10_000)
                limits.rlim_cur = limits.rlim_max
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            }
            try put(store, 2, size: 3_000_000)
            #expect(try store.value(.data, key: key(2))?.count == 3_000_000)
            try store.close()
        }
    }
}
