import Basics
import Store

/// Names a write that a client may send again without harm: `Idempotency-Key`.
public struct AnswerKey: Sendable, Hashable {
    /// Digest of who wrote and the key that they chose.
    public let digest: [UInt8]
    /// Digest of all that was asked; another request under the same key is a mistake of the client.
    public let request: [UInt8]

    /// A key.
    ///
    /// - Parameters:
    ///   - digest: at most 64 bytes.
    ///   - request: at most 255 bytes.
    public init(digest: [UInt8], request: [UInt8]) {
        precondition(digest.count <= 64 && request.count <= 255, "digests are short")
        self.digest = digest
        self.request = request
    }
}

/// An answer that is kept in the same transaction as the change that it tells of.
public struct IdempotentResponse<Value: Sendable>: Sendable {
    let key: AnswerKey
    let bytes: @Sendable (DataTracker.Committed<Value>) -> [UInt8]

    /// Keeps what `bytes` makes of the commit's outcome, before it is durable, under `key`.
    public init(_ key: AnswerKey, bytes: @escaping @Sendable (DataTracker.Committed<Value>) -> [UInt8]) {
        self.key = key
        self.bytes = bytes
    }

    func batch(for committed: DataTracker.Committed<Value>, at time: Timestamp) -> WriteBatch {
        var batch = WriteBatch()
        let value = [UInt8(key.request.count)] + key.request + bytes(committed)
        batch.put(.metadata, key: StoredAnswers.key(key.digest), value: value)
        let size = StoreLayout.bytes(UInt64(value.count))
        batch.put(.metadata, key: StoredAnswers.timeKey(time, key.digest), value: size)
        return batch
    }
}

/// The answers in the store.
enum StoredAnswers {
    private static let prefix = Array("answer:".utf8)
    private static let timePrefix = Array("answered:".utf8)

    /// How long answers are kept, in seconds.
    static let lifetime: Int64 = 86_400

    static func key(_ digest: [UInt8]) -> [UInt8] { prefix + digest }

    static func timeKey(_ time: Timestamp, _ digest: [UInt8]) -> [UInt8] {
        timePrefix + StoreLayout.bytes(UInt64(clamping: time.seconds)) + digest
    }

    /// The most answers that are kept, and the most bytes of all of them: beyond that the oldest go before their time.
    static let (mostAnswers, mostBytes) = (100_000, 128 << 20)

    /// What removes up to `limit` answers that were given too long before `now`, or are too many.
    static func expired(
        in store: any KeyValueStore, at now: Timestamp, limit: Int
    ) throws(StoreError) -> WriteBatch {
        var batch = WriteBatch()
        let end = try end(in: store, at: now)
        try store.scan(.metadata, from: timePrefix, upTo: end, descending: false) { key, _ in
            batch.remove(.metadata, key: Array(key))
            batch.remove(.metadata, key: self.key(Array(key.dropFirst(timePrefix.count + 8))))
            return batch.count < 2 * limit
        }
        return batch
    }

    /// The key before which answers are kept no more.
    private static func end(in store: any KeyValueStore, at now: Timestamp) throws(StoreError) -> [UInt8] {
        let oldest = timePrefix + StoreLayout.bytes(UInt64(clamping: now.seconds - lifetime))
        let newest = timePrefix + [UInt8](repeating: 0xff, count: 9)
        var (count, bytes) = (0, 0)
        var end = oldest
        try store.scan(.metadata, from: oldest, upTo: newest, descending: true) { key, size in
            count += 1
            bytes += Int(clamping: min(StoreLayout.number(Array(size)), 1 << 32))
            if count <= mostAnswers, bytes <= mostBytes { return true }
            end = Array(key) + [0]
            return false
        }
        return end
    }
}

extension DataTracker {
    /// What is known of a write under `key`.
    public enum KnownAnswer: Sendable, Hashable {
        /// This very request was answered so.
        case answered([UInt8])
        /// Another request was made under the key.
        case otherRequest
    }

    /// The answer kept under `key`, or nil if there is none.
    ///
    /// - Throws: `unavailable` when the store cannot be read.
    public nonisolated func answer(to key: AnswerKey) async throws(TrackerError) -> KnownAnswer? {
        let bytes = try await history.read { history throws(StoreError) in
            try history.store.value(.metadata, key: StoredAnswers.key(key.digest))
        }
        guard let bytes, let length = bytes.first, bytes.count > length else { return nil }
        guard bytes[1...Int(length)].elementsEqual(key.request) else { return .otherRequest }
        return .answered(Array(bytes[(Int(length) + 1)...]))
    }
}
