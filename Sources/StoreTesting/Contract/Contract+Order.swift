import Store

extension KeyValueStoreContract {
    private static let sorted: [[UInt8]] = [
        [0], [0, 0], [0, 255], [1], [0x41], [0x41, 0], [0x42], [0x61], [0x7F], [0x80], [0xC3, 0xA9], [255], [255, 0],
        [255, 255],
    ]

    /// A store with the sorted keys, written one by one in a random order.
    private static func shuffled(_ trial: StoreTrial) throws -> any KeyValueStore {
        let store = try trial.open()
        var random = SeededGenerator(seed: 1)
        for key in sorted.shuffled(using: &random) { try store.write { $0.put(.data, key: key, value: key) } }
        return store
    }

    /// The order of keys.
    static let order: [StoreCase] = [
        StoreCase("keys come in the order of their bytes, as unsigned numbers") { trial in
            let store = try shuffled(trial)
            let keys = try store.keys()
            try require(keys == sorted, "the order is \(keys)")
        },
        StoreCase("a descending scan has the opposite order") { trial in
            let store = try shuffled(trial)
            try require(try store.keys(descending: true) == sorted.reversed(), "it has another")
        },
        StoreCase("a key of any bytes is found") { trial in
            let store = try shuffled(trial)
            for key in sorted { try require(try store.value(.data, key: key) == key, "\(key) is not") }
        },
        StoreCase("removing a key leaves those that it is a prefix of") { trial in
            let store = try shuffled(trial)
            try store.write { $0.remove(.data, key: [0x41]) }
            try require(try store.keys() == sorted.filter { $0 != [0x41] }, "others are gone, or it is there yet")
        },
        StoreCase("keys that come in order are kept in order") { trial in
            let store = try trial.open()
            let keys = (0..<1000).map { [UInt8($0 >> 8), UInt8($0 & 255)] }
            try store.write { batch in for key in keys { batch.put(.commits, key: key, value: [1]) } }
            try require(try store.keys(.commits) == keys, "they come in another order")
        },
        StoreCase("keys that come in falling order are kept in order") { trial in
            let store = try trial.open()
            let keys = (0..<1000).map { [UInt8($0 >> 8), UInt8($0 & 255)] }
            try store.write { batch in for key in keys.reversed() { batch.put(.side, key: key, value: [1]) } }
            try require(try store.keys(.side) == keys, "they come in another order")
        },
        StoreCase("the values of a scan are those of their keys") { trial in
            let store = try shuffled(trial)
            let wrong = try store.pairs().filter { $0.key != $0.value }
            try require(wrong.isEmpty, "\(wrong) have the values of others")
        },
    ]

    private static let few: [[UInt8]] = [[10], [20], [20, 1], [30]]

    private static func withFew(_ trial: StoreTrial) throws -> any KeyValueStore {
        let store = try trial.open()
        try store.write { batch in for key in few { batch.put(.commits, key: key, value: []) } }
        return store
    }

    /// Scans of a part.
    static let ranges: [StoreCase] = [
        StoreCase("a range has its start") { trial in
            let store = try withFew(trial)
            try require(try store.keys(.commits, from: [20]) == [[20], [20, 1], [30]], "it is missing")
        },
        StoreCase("a range does not have its end") { trial in
            let store = try withFew(trial)
            try require(try store.keys(.commits, upTo: [20]) == [[10]], "it is there")
        },
        StoreCase("a range may start and end where there is no key") { trial in
            let store = try withFew(trial)
            try require(try store.keys(.commits, from: [15], upTo: [25]) == [[20], [20, 1]], "it has other keys")
        },
        StoreCase("an empty range has nothing") { trial in
            let store = try withFew(trial)
            try require(try store.keys(.commits, from: [20], upTo: [20]).isEmpty, "it has something")
            try require(try store.keys(.commits, from: [11], upTo: [19]).isEmpty, "it has something between two keys")
        },
        StoreCase("a range that ends before it starts has nothing") { trial in
            let store = try withFew(trial)
            try require(try store.keys(.commits, from: [30], upTo: [10]).isEmpty, "it has something")
            try require(
                try store.keys(.commits, from: [30], upTo: [10], descending: true).isEmpty, "it has something backwards"
            )
        },
        StoreCase("a start of no bytes is before all keys, an end of no bytes too") { trial in
            let store = try withFew(trial)
            try require(try store.keys(.commits, from: []) == few, "keys are missing")
            try require(try store.keys(.commits, upTo: []).isEmpty, "there are keys before it")
        },
        StoreCase("a prefix is a range") { trial in
            let store = try withFew(trial)
            try require(try store.keys(.commits, from: [20], upTo: [21]) == [[20], [20, 1]], "it has other keys")
        },
        StoreCase("all ranges are right in both directions") { trial in
            let store = try withFew(trial)
            let bounds: [[UInt8]?] = [nil, [], [5], [10], [15], [20], [20, 0], [20, 1], [30], [30, 0], [40]]
            for from in bounds {
                for upTo in bounds {
                    let expected = few.filter { key in
                        (from.map { !key.lexicographicallyPrecedes($0) } ?? true)
                            && (upTo.map { key.lexicographicallyPrecedes($0) } ?? true)
                    }
                    let range = "\(from.map { "\($0)" } ?? "the start") up to \(upTo.map { "\($0)" } ?? "the end")"
                    try require(try store.keys(.commits, from: from, upTo: upTo) == expected, "from \(range)")
                    let descending = try store.keys(.commits, from: from, upTo: upTo, descending: true)
                    try require(descending == expected.reversed(), "descending from \(range)")
                }
            }
        },
    ]
}
