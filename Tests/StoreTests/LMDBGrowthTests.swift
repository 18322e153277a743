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
        #expect(try store.gate.read { environment throws(StoreError) in environment.mapSize } == 8 << 20)
        try store.close()

        let again = try open("?mapsize=1M")
        #expect(try again.gate.read { environment throws(StoreError) in environment.mapSize } == 8 << 20)
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

    @Test func `at the limit a store refuses more, can be emptied, and then takes more again`() throws {
        let store = try open("?mapsize=1M&mapsize-limit=2M")
        var stored: UInt64 = 0
        var failure: StoreError?
        while failure == nil, stored < 1000 {
            do throws(StoreError) {
                try put(store, stored, size: 3000)
                stored += 1
            } catch {
                failure = error
            }
        }
        #expect(failure?.code == .diskFull)
        #expect(failure?.message.contains("limit of 2M. Raise mapsize-limit") == true, "\(String(describing: failure))")
        #expect(stored > 300)
        #expect(try count(store) == Int(stored))
        #expect(throws: StoreError.self) { try put(store, stored, size: 100_000) }

        for number in 0..<stored { try store.apply(removal(of: number)) }
        #expect(try count(store) == 0)
        for number in 0..<300 as Range<UInt64> { try put(store, number, size: 3000) }
        #expect(try count(store) == 300)
        try store.close()

        let larger = try open("?mapsize-limit=8M")
        for number in 0..<1000 as Range<UInt64> { try put(larger, number, size: 3000) }
        #expect(try count(larger) == 1000)
        try larger.close()
    }

    @Test func `a full store can be cleared`() throws {
        let store = try open("?mapsize=1M&mapsize-limit=1M")
        let error = #expect(throws: StoreError.self) {
            for number in 0..<1000 as Range<UInt64> { try put(store, number, size: 900) }
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
