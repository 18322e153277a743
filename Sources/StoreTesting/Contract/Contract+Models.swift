import Store

extension KeyValueStoreContract {
    /// Random batches against a dictionary.
    static let models: [StoreCase] = (1...4 as ClosedRange<UInt64>).map { seed in
        StoreCase("it agrees with a dictionary after any batches, seed \(seed)") { trial in
            try compareWithDictionary(trial, seed: seed)
        }
    }

    /// Applies random batches and compares the store with a dictionary after each, closing and reopening it now and then.
    private static func compareWithDictionary(_ trial: StoreTrial, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var model: [Keyspace: [[UInt8]: [UInt8]]] = [:]
        var store = try trial.open()
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
            if trial.subject.abilities.contains(.durable), step % 10 == 0 { store = try trial.reopen(store) }
            let keyspace = Keyspace.allCases[step % Keyspace.allCases.count]
            let expected = model[keyspace, default: [:]].map { Pair(key: $0, value: $1) }
                .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            try require(try store.pairs(keyspace) == expected, "\(keyspace) differs after batch \(step)")
        }
    }

    /// Mostly puts, over few enough keys that they collide.
    private static func randomBatch(_ random: inout SeededGenerator) -> WriteBatch {
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
}
