import Store
import Synchronization

extension KeyValueStoreContract {
    /// Tries a batch with a key that cannot be stored.
    private static func tryKey(_ key: [UInt8], _ code: StoreError.Code, _ trial: StoreTrial) throws {
        let store = try trial.open()
        try requireError(code) { () throws(StoreError) in
            try store.write { batch in
                batch.put(.data, key: [1], value: [])
                batch.put(.data, key: key, value: [])
            }
        }
        try require(try store.pairs().isEmpty, "a part of the batch is applied")
        try require(try store.value(.data, key: key) == nil, "the key has a value")
        try store.write { $0.remove(.data, key: key) }
    }

    /// How long keys may be.
    static let limits: [StoreCase] = [
        StoreCase("a key may have as many bytes as the store says") { trial in
            let store = try trial.open()
            let longest = [UInt8](repeating: 9, count: store.maximumKeyLength)
            try store.write { $0.put(.data, key: longest, value: [1]) }
            try require(try store.pairs() == [Pair(key: longest, value: [1])], "it is not stored")
        },
        StoreCase("keys of at least 256 bytes can be stored") { trial in
            let length = try trial.open().maximumKeyLength
            try require(length >= 256, "the store allows \(length)")
        },
        StoreCase("long keys that differ in their last byte are two") { trial in
            let store = try trial.open()
            let stem = [UInt8](repeating: 0xFE, count: store.maximumKeyLength - 1)
            try store.write { batch in
                for last in [3, 1, 2] as [UInt8] { batch.put(.data, key: stem + [last], value: [last]) }
            }
            try require(try store.keys() == ([1, 2, 3] as [UInt8]).map { stem + [$0] }, "they are mixed up")
        },
        StoreCase("a batch with a longer key is refused as a whole") { trial in
            let longest = try trial.open().maximumKeyLength
            try tryKey([UInt8](repeating: 9, count: longest + 1), .tooLarge, trial)
        },
        StoreCase("a batch with an empty key is refused as a whole") { trial in try tryKey([], .misuse, trial) },
        StoreCase("a bound may be longer than a key") { trial in
            let store = try trial.open()
            let longest = [UInt8](repeating: 9, count: store.maximumKeyLength)
            try store.write { $0.put(.data, key: longest, value: [1]) }
            try require(try store.keys(from: longest + [0]).isEmpty, "the longest key is behind it")
            try require(try store.keys(upTo: longest + [0]) == [longest], "the longest key is not before it")
        },
    ]

    /// Reads beside writes.
    static let concurrency: [StoreCase] = [
        StoreCase("a scan sees one state, and later scans later ones") { trial in
            let store = try trial.open()
            try whileMoving(store, keys: 1...50, through: 1...60) { last in
                let pairs = try store.pairs()
                let found = Set(pairs.map(\.value))
                try require(found.count <= 1, "it sees \(found.count) of them")
                try require([0, 50].contains(pairs.count), "it sees \(pairs.count) pairs of 50")
                let generation = found.first?.first ?? 0
                try require(generation >= last, "it sees \(generation) after \(last)")
                return generation
            }
        },
        StoreCase("a value is never an older one than before") { trial in
            let store = try trial.open()
            try whileMoving(store, keys: 1...3, through: 1...200) { last in
                let generation = try store.value(.data, key: [2])?.first ?? 0
                try require(generation >= last, "it is \(generation) after \(last)")
                return generation
            }
        },
        StoreCase("many readers at once see what there is") { trial in
            let store = try trial.open()
            try store.write { batch in
                for key in 1...100 as ClosedRange<UInt8> { batch.put(.data, key: [key], value: [key]) }
            }
            let readers = (0..<8).map { _ in
                BackgroundThread { () -> Bool in
                    (0..<50).allSatisfy { _ in (try? store.pairs().count) == 100 }
                }
            }
            try require(readers.map { $0.join() }.allSatisfy { $0 }, "some do not")
        },
    ]

    /// Has a writer move all keys from one generation to the next, batch by batch, while `look` is called again and again with
    /// what it answered last.
    private static func whileMoving(
        _ store: any KeyValueStore, keys: ClosedRange<UInt8>, through generations: ClosedRange<UInt8>,
        _ look: (UInt8) throws -> UInt8
    ) throws {
        let isDone = Mutex(false)
        let writer = BackgroundThread { () -> StoreError? in
            defer { isDone.withLock { $0 = true } }
            do throws(StoreError) {
                for generation in generations {
                    try store.write { batch in for key in keys { batch.put(.data, key: [key], value: [generation]) } }
                }
            } catch {
                return error
            }
            return nil
        }
        let result = Result {
            var last: UInt8 = 0
            while !isDone.withLock({ $0 }) { last = try look(last) }
            return try look(last)
        }
        if let error = writer.join() { throw error }
        let last = try result.get()
        try require(last == generations.upperBound, "the last batch is not seen after it was applied")
    }
}
