import Store
import Synchronization

extension KeyValueStoreContract {
    func checkNestedCalls(_ store: any KeyValueStore) throws {
        try store.write { batch in for key in 1...3 as ClosedRange<UInt8> { batch.put(.data, key: [key], value: [key]) }
        }
        var inner: [Int] = []
        try store.scan(.data) { (key, _) throws(StoreError) in
            inner.append(try store.pairs(from: Array(key)).count)
            return try store.value(.data, key: Array(key)) == Array(key)
        }
        try require(inner == [3, 2, 1], "a visitor may read the store")
        try requireError(.misuse, "a visitor may not write to the store") { () throws(StoreError) in
            try store.scan(.data) { (_, _) throws(StoreError) in
                try store.write { $0.remove(.data, key: [1]) }
                return true
            }
        }
        try requireError(.misuse, "a visitor may not close the store") { () throws(StoreError) in
            try store.scan(.data) { (_, _) throws(StoreError) in
                try store.close()
                return true
            }
        }
        try require(try store.pairs().count == 3, "a store works on after a visitor broke a rule")
    }

    /// A writer moves all keys from one generation to the next, batch by batch; a scan must never see two.
    func checkConsistentScans(_ store: any KeyValueStore) throws {
        let (keys, generations) = (UInt8(1)...50, UInt8(1)...60)
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
        var last: UInt8 = 0
        var failure: Violation?
        while failure == nil, !isDone.withLock({ $0 }) {
            do {
                let pairs = try store.pairs()
                let found = Set(pairs.map(\.value))
                try require(
                    found.count <= 1 && [0, keys.count].contains(pairs.count),
                    "a scan sees one state, not \(pairs.count) pairs of \(found.count) generations")
                let generation = found.first?.first ?? 0
                try require(generation >= last, "a scan sees generation \(generation) after an earlier one saw \(last)")
                last = generation
            } catch {
                failure = error as? Violation ?? Violation(description: "a scan beside a writer fails: \(error)")
            }
        }
        if let error = writer.join() { throw error }
        if let failure { throw failure }
        try require(
            try store.pairs().allSatisfy { $0.value == [60] }, "a scan sees every batch that was applied before it")
    }

    func checkClose(_ store: any KeyValueStore) throws {
        try store.write { $0.put(.data, key: [1], value: [1]) }
        try store.close()
        try requireError(.closed, "a closed store has no values") { () throws(StoreError) in
            _ = try store.value(.data, key: [1])
        }
        try requireError(.closed, "a closed store cannot be scanned") { () throws(StoreError) in
            _ = try store.pairs()
        }
        try requireError(.closed, "a closed store takes no batch") { () throws(StoreError) in
            try store.write { $0.put(.data, key: [1], value: [1]) }
        }
        try store.close()  // again: allowed, and without effect
    }

    func checkReopen(_ store: any KeyValueStore) throws {
        try store.write { batch in
            for keyspace in Keyspace.allCases {
                batch.put(keyspace, key: [0, 255], value: Array(keyspace.rawValue.utf8))
            }
        }
        let again = try reopened(store)
        for keyspace in Keyspace.allCases {
            let value = try again.value(keyspace, key: [0, 255])
            try require(
                value == Array(keyspace.rawValue.utf8), "what was written to \(keyspace) is there after reopening")
        }
        try again.close()
    }

    /// Applies random batches and compares the store with a dictionary after each, closing and reopening it now and
    /// then.
    func checkAgainstModel(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var model: [Keyspace: [[UInt8]: [UInt8]]] = [:]
        var store = try open()
        for step in 1...40 {
            let batch = randomBatch(&random)
            try store.apply(batch)
            for operation in batch.operations {
                switch operation {
                case .put(let keyspace, let key, let value): model[keyspace, default: [:]][key] = value
                case .remove(let keyspace, let key): model[keyspace, default: [:]][key] = nil
                case .clear(let keyspace): model[keyspace] = [:]
                }
            }
            if reopen != nil, step % 10 == 0 { store = try reopened(store) }
            let keyspace = Keyspace.allCases[step % Keyspace.allCases.count]
            let expected = model[keyspace, default: [:]].map { Pair(key: $0, value: $1) }
                .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            try require(
                try store.pairs(keyspace) == expected,
                "with seed \(seed), \(keyspace) differs from a dictionary after batch \(step)")
        }
        try store.close()
    }

    /// Mostly puts, over few enough keys that they collide.
    private func randomBatch(_ random: inout SeededGenerator) -> WriteBatch {
        var batch = WriteBatch()
        for _ in 0..<Int.random(in: 0...30, using: &random) {
            let keyspace = Keyspace.allCases.randomElement(using: &random) ?? .data
            let key = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? UInt8(0)
            }
            switch Int.random(in: 0..<100, using: &random) {
            case 0: batch.clear(keyspace)
            case 1..<30: batch.remove(keyspace, key: key)
            default:
                let size = Int.random(in: 0...(Bool.random(using: &random) ? 20 : 5000), using: &random)
                batch.put(
                    keyspace, key: key, value: [UInt8](repeating: .random(in: 0...255, using: &random), count: size))
            }
        }
        return batch
    }

    private func reopened(_ store: any KeyValueStore) throws -> any KeyValueStore {
        guard let reopen else { throw Violation(description: "the contract was not told how to reopen the store") }
        try store.close()
        return try reopen(store)
    }
}
