import Store

extension KeyValueStoreContract {
    func checkValues(_ store: any KeyValueStore) throws {
        let key = Array("machines".utf8)
        try require(try store.value(.data, key: key) == nil, "a new store has no values")
        try require(try store.pairs().isEmpty, "a new store has nothing to scan")
        for value in [[1, 2, 3], [], [0], [UInt8](repeating: 0xA5, count: 100_000)] as [[UInt8]] {
            try store.write { $0.put(.data, key: key, value: value) }
            try require(try store.value(.data, key: key) == value, "a value of \(value.count) bytes is read as written")
            try require(
                try store.pairs() == [Pair(key: key, value: value)],
                "a value of \(value.count) bytes is scanned as written")
        }
        try store.write { $0.remove(.data, key: key) }
        try require(try store.value(.data, key: key) == nil, "a removed key has no value")
        try store.write { $0.remove(.data, key: key) }
        try store.apply(WriteBatch())
        try require(try store.pairs().isEmpty, "removing an absent key and applying nothing change nothing")
    }

    func checkKeyspaces(_ store: any KeyValueStore) throws {
        let key: [UInt8] = [7]
        try store.write { batch in
            for keyspace in Keyspace.allCases { batch.put(keyspace, key: key, value: Array(keyspace.rawValue.utf8)) }
        }
        for keyspace in Keyspace.allCases {
            let expected = [Pair(key: key, value: Array(keyspace.rawValue.utf8))]
            try require(
                try store.pairs(keyspace) == expected, "\(keyspace) holds its own value, and nothing of the others")
        }
        try store.write { $0.clear(.commits) }
        try require(try store.pairs(.commits).isEmpty, "a cleared keyspace is empty")
        try require(try store.pairs(.data).count == 1, "clearing a keyspace leaves the others alone")
    }

    func checkOrder(_ store: any KeyValueStore) throws {
        let sorted: [[UInt8]] = [
            [0], [0, 0], [0, 255], [1], [0x41], [0x41, 0], [0x42], [0x61], [0x7F], [0x80], [0xC3, 0xA9], [255],
            [255, 0], [255, 255],
        ]
        var random = SeededGenerator(seed: 1)
        for key in sorted.shuffled(using: &random) { try store.write { $0.put(.data, key: key, value: key) } }
        try require(
            try store.pairs().map(\.key) == sorted, "keys come in the order of their bytes, as unsigned numbers")
        try require(
            try store.pairs(descending: true).map(\.key) == sorted.reversed(),
            "a descending scan has the opposite order")
        try require(try sorted.allSatisfy { try store.value(.data, key: $0) == $0 }, "every binary key is found")
        try store.write { $0.remove(.data, key: [0x41]) }
        try require(
            try store.pairs().map(\.key) == sorted.filter { $0 != [0x41] },
            "removing a key leaves those it is a prefix of")
    }

    func checkRanges(_ store: any KeyValueStore) throws {
        let keys: [[UInt8]] = [[10], [20], [20, 1], [30]]
        try store.write { batch in for key in keys { batch.put(.commits, key: key, value: []) } }
        let bounds: [[UInt8]?] = [nil, [], [5], [10], [15], [20], [20, 0], [20, 1], [30], [30, 0], [40]]
        for from in bounds {
            for upTo in bounds {
                let expected = keys.filter { key in
                    (from.map { !key.lexicographicallyPrecedes($0) } ?? true)
                        && (upTo.map { key.lexicographicallyPrecedes($0) } ?? true)
                }
                let range = "from \(from.map { "\($0)" } ?? "the start") up to \(upTo.map { "\($0)" } ?? "the end")"
                let ascending = try store.pairs(.commits, from: from, upTo: upTo).map(\.key)
                try require(ascending == expected, "\(range) there is \(expected), the scan has \(ascending)")
                let descending = try store.pairs(.commits, from: from, upTo: upTo, descending: true).map(\.key)
                try require(
                    descending == expected.reversed(),
                    "descending \(range) there is \(expected) reversed, not \(descending)")
            }
        }
    }

    func checkScanStops(_ store: any KeyValueStore) throws {
        try store.write { batch in for key in 1...9 as ClosedRange<UInt8> { batch.put(.data, key: [key], value: []) } }
        var visited = 0
        try store.scan(.data) { _, _ in
            visited += 1
            return visited < 4
        }
        try require(visited == 4, "a scan ends when the visitor says so, after 4 pairs, not \(visited)")
        let error = StoreError(.corrupt, "thrown by a visitor")
        do throws(StoreError) {
            try store.scan(.data) { (_, _) throws(StoreError) in throw error }
            throw StoreError(.misuse, "nothing was thrown")
        } catch let thrown {
            try require(thrown == error, "a scan throws what its visitor throws, not \(thrown)")
        }
        try store.write { $0.put(.data, key: [10], value: []) }
        try require(try store.pairs().count == 10, "a store works on after a visitor threw")
    }

    func checkBatchOrder(_ store: any KeyValueStore) throws {
        try store.write { batch in
            batch.put(.data, key: [1], value: [1])
            batch.put(.data, key: [1], value: [2])
            batch.put(.data, key: [2], value: [1])
            batch.remove(.data, key: [2])
            batch.remove(.data, key: [3])
            batch.put(.data, key: [3], value: [3])
        }
        try require(
            try store.pairs() == [Pair(key: [1], value: [2]), Pair(key: [3], value: [3])],
            "of several changes to a key in a batch, the last wins")
        try store.write { batch in
            batch.put(.data, key: [4], value: [])
            batch.clear(.data)
            batch.put(.data, key: [5], value: [])
        }
        try require(
            try store.pairs().map(\.key) == [[5]],
            "clearing removes what was put before it, in the batch too, and not what follows")
    }

    func checkRefusedKeys(_ store: any KeyValueStore) throws {
        let longest = [UInt8](repeating: 9, count: store.maximumKeyLength)
        try store.write { $0.put(.data, key: longest, value: [1]) }
        try require(try store.value(.data, key: longest) == [1], "a key of maximumKeyLength bytes is stored")
        for (key, code) in [(longest + [0], .tooLarge), ([], .misuse)] as [([UInt8], StoreError.Code)] {
            try requireError(code, "a key of \(key.count) bytes is refused") { () throws(StoreError) in
                try store.write { batch in
                    batch.put(.data, key: [1], value: [])
                    batch.put(.data, key: key, value: [])
                }
            }
            try require(try store.value(.data, key: [1]) == nil, "a refused batch changes nothing")
            try require(try store.value(.data, key: key) == nil, "a key that cannot be stored has no value")
            try store.write { $0.remove(.data, key: key) }
        }
        try require(try store.pairs(from: longest + [0]).isEmpty, "a bound may be longer than a key")
    }
}
