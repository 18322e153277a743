import Basics
import Store
import Testing

@testable import Tracker

/// Answers that are kept for requests that come again.
@Suite struct StoredAnswersTests {
    private static let now = Timestamp(seconds: 1_000_000, nanoseconds: 0)

    /// A store with so many answers, one a second up to now.
    private static func store(_ count: Int, size: Int) throws -> MemoryStore {
        let store = MemoryStore()
        var batch = WriteBatch()
        for number in 0..<count {
            let digest = StoreLayout.bytes(UInt64(number))
            let time = Timestamp(seconds: now.seconds - Int64(count) + Int64(number), nanoseconds: 0)
            batch.put(.metadata, key: StoredAnswers.key(digest), value: [0])
            batch.put(
                .metadata, key: StoredAnswers.timeKey(time, digest), value: StoreLayout.bytes(UInt64(size)))
        }
        try store.apply(batch)
        return store
    }

    private static func count(_ store: MemoryStore) throws -> Int {
        var count = 0
        try store.scan(.metadata) { _, _ in
            count += 1
            return true
        }
        return count / 2
    }

    /// Removes what is to be removed, and answers how many answers are left.
    private static func left(_ store: MemoryStore) throws -> Int {
        while case let batch = try StoredAnswers.expired(in: store, at: now, limit: 1000), !batch.isEmpty {
            try store.apply(batch)
        }
        return try count(store)
    }

    @Test func `the oldest go once all of them have too many bytes`() throws {
        let size = 1 << 20
        let store = try Self.store(200, size: size)
        #expect(try Self.left(store) == StoredAnswers.mostBytes / size)
        #expect(try store.value(.metadata, key: StoredAnswers.key(StoreLayout.bytes(0))) == nil)
        #expect(try store.value(.metadata, key: StoredAnswers.key(StoreLayout.bytes(199))) != nil)
    }

    @Test func `the oldest go after a day, others stay`() throws {
        let count = Int(StoredAnswers.lifetime) + 500
        #expect(try Self.left(Self.store(count, size: 10)) == Int(StoredAnswers.lifetime))
    }
}
