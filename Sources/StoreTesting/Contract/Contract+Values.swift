import Store

extension KeyValueStoreContract {
    /// Single values.
    static let values: [StoreCase] = [
        StoreCase("a new store has no values") { trial in
            let store = try trial.open()
            for keyspace in Keyspace.allCases {
                try require(try store.value(keyspace, key: [1]) == nil, "there is a value in \(keyspace)")
                try require(try store.pairs(keyspace).isEmpty, "there is something in \(keyspace)")
            }
        },
        StoreCase("a value is read as it was written") { trial in
            let store = try trial.open()
            try store.write { $0.put(.data, key: [7], value: [1, 2, 3]) }
            try require(try store.value(.data, key: [7]) == [1, 2, 3], "it is another")
            try require(try store.pairs() == [Pair(key: [7], value: [1, 2, 3])], "a scan has another")
        },
        StoreCase("a value may be empty") { trial in
            let store = try trial.open()
            try store.write { $0.put(.data, key: [7], value: []) }
            try require(try store.value(.data, key: [7]) == [], "it is not there, or not empty")
            try require(try store.pairs() == [Pair(key: [7], value: [])], "a scan does not have it")
        },
        StoreCase("a value of one zero byte is not an empty one") { trial in
            let store = try trial.open()
            try store.write { $0.put(.data, key: [7], value: [0]) }
            try require(try store.value(.data, key: [7]) == [0], "it is another")
        },
        StoreCase("a value may have any bytes") { trial in
            let store = try trial.open()
            let all = Array(0...255 as ClosedRange<UInt8>)
            try store.write { $0.put(.data, key: [7], value: all) }
            try require(try store.value(.data, key: [7]) == all, "it is another")
        },
        StoreCase("a value may be large") { trial in
            let store = try trial.open()
            let large = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try store.write { $0.put(.data, key: [7], value: large) }
            try require(try store.value(.data, key: [7]) == large, "a million bytes are read as others")
            try store.write { $0.put(.data, key: [7], value: [1]) }
            try require(try store.pairs() == [Pair(key: [7], value: [1])], "a small value does not take its place")
        },
        StoreCase("a value takes the place of the one before it") { trial in
            let store = try trial.open()
            for value in 1...5 as ClosedRange<UInt8> {
                try store.write { $0.put(.data, key: [7], value: [UInt8](repeating: value, count: Int(value))) }
            }
            try require(
                try store.pairs() == [Pair(key: [7], value: [5, 5, 5, 5, 5])], "the last one is not there alone")
        },
        StoreCase("a removed key has no value") { trial in
            let store = try trial.open()
            try store.write { $0.put(.data, key: [7], value: [1]) }
            try store.write { $0.remove(.data, key: [7]) }
            try require(try store.value(.data, key: [7]) == nil, "it has one")
            try require(try store.pairs().isEmpty, "a scan has it")
        },
        StoreCase("removing what is not there changes nothing") { trial in
            let store = try trial.open()
            try store.write { $0.put(.data, key: [7], value: [1]) }
            try store.write { $0.remove(.data, key: [8]) }
            try require(try store.keys() == [[7]], "other keys are there now")
        },
    ]

    /// The separate ranges of keys.
    static let keyspaces: [StoreCase] = [
        StoreCase("each keyspace has values of its own") { trial in
            let store = try trial.open()
            try store.write { batch in
                for keyspace in Keyspace.allCases {
                    batch.put(keyspace, key: [7], value: Array(keyspace.rawValue.utf8))
                }
            }
            for keyspace in Keyspace.allCases {
                let expected = [Pair(key: [7], value: Array(keyspace.rawValue.utf8))]
                try require(try store.pairs(keyspace) == expected, "\(keyspace) has other values")
            }
        },
        StoreCase("removing a key leaves other keyspaces alone") { trial in
            let store = try trial.open()
            try store.write { batch in for keyspace in Keyspace.allCases { batch.put(keyspace, key: [7], value: [1]) } }
            try store.write { $0.remove(.versions, key: [7]) }
            for keyspace in Keyspace.allCases {
                let isThere = try store.value(keyspace, key: [7]) != nil
                try require(isThere == (keyspace != .versions), "\(keyspace) is not as expected")
            }
        },
        StoreCase("clearing a keyspace empties it and leaves others alone") { trial in
            let store = try trial.open()
            try store.write { batch in
                for keyspace in Keyspace.allCases {
                    for key in 1...20 as ClosedRange<UInt8> { batch.put(keyspace, key: [key], value: [key]) }
                }
            }
            try store.write { $0.clear(.commits) }
            for keyspace in Keyspace.allCases {
                let count = try store.pairs(keyspace).count
                try require(count == (keyspace == .commits ? 0 : 20), "\(keyspace) has \(count) pairs")
            }
        },
        StoreCase("a cleared keyspace takes values again") { trial in
            let store = try trial.open()
            try store.write { $0.put(.side, key: [1], value: [1]) }
            try store.write { $0.clear(.side) }
            try store.write { $0.put(.side, key: [2], value: [2]) }
            try require(try store.pairs(.side) == [Pair(key: [2], value: [2])], "it has other pairs")
        },
    ]
}
