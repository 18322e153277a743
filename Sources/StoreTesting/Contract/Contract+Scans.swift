import Store

extension KeyValueStoreContract {
    private static func withNine(_ trial: StoreTrial) throws -> any KeyValueStore {
        let store = try trial.open()
        try store.write { batch in for key in 1...9 as ClosedRange<UInt8> { batch.put(.data, key: [key], value: [key]) }
        }
        return store
    }

    /// What visitors of scans may do.
    static let scans: [StoreCase] = [
        StoreCase("a scan ends when the visitor says so") { trial in
            let store = try withNine(trial)
            for isDescending in [false, true] {
                var visited = 0
                try store.scan(.data, from: nil, upTo: nil, descending: isDescending) { _, _ in
                    visited += 1
                    return visited < 4
                }
                try require(visited == 4, "it ends after \(visited) pairs instead of 4")
            }
        },
        StoreCase("a scan throws what its visitor throws") { trial in
            let store = try withNine(trial)
            let error = StoreError(.corrupt, "thrown by a visitor")
            let thrown = try requireError(.corrupt) { () throws(StoreError) in
                try store.scan(.data) { (_, _) throws(StoreError) in throw error }
            }
            try require(thrown == error, "it throws \(thrown)")
        },
        StoreCase("a store works on after a visitor threw") { trial in
            let store = try withNine(trial)
            try requireError(.corrupt) { () throws(StoreError) in
                try store.scan(.data) { (_, _) throws(StoreError) in throw StoreError(.corrupt, "thrown by a visitor") }
            }
            try store.write { $0.put(.data, key: [10], value: []) }
            try require(try store.pairs().count == 10, "it has not taken a batch")
        },
        StoreCase("a visitor may scan the store") { trial in
            let store = try withNine(trial)
            var inner: [Int] = []
            try store.scan(.data, from: [7], upTo: nil) { (key, _) throws(StoreError) in
                inner.append(try store.pairs(from: Array(key)).count)
                return true
            }
            try require(inner == [3, 2, 1], "it sees \(inner) pairs")
        },
        StoreCase("a visitor may read values") { trial in
            let store = try withNine(trial)
            var wrong: [[UInt8]] = []
            try store.scan(.data) { (key, _) throws(StoreError) in
                if try store.value(.data, key: Array(key)) != Array(key) { wrong.append(Array(key)) }
                return true
            }
            try require(wrong.isEmpty, "it finds others for \(wrong)")
        },
        StoreCase("a visitor may not write") { trial in
            let store = try withNine(trial)
            try requireError(.misuse) { () throws(StoreError) in
                try store.scan(.data) { (_, _) throws(StoreError) in
                    try store.write { $0.remove(.data, key: [1]) }
                    return true
                }
            }
            try require(try store.pairs().count == 9, "something is written")
        },
        StoreCase("a visitor may not close the store") { trial in
            let store = try withNine(trial)
            try requireError(.misuse) { () throws(StoreError) in
                try store.scan(.data) { (_, _) throws(StoreError) in
                    try store.close()
                    return true
                }
            }
            try require(try store.pairs().count == 9, "it is closed")
        },
    ]

    /// What a batch does.
    static let batches: [StoreCase] = [
        StoreCase("an empty batch changes nothing") { trial in
            let store = try withNine(trial)
            try store.apply(WriteBatch())
            try require(try store.pairs().count == 9, "something is gone")
        },
        StoreCase("of two values for a key in a batch the later one counts") { trial in
            let store = try trial.open()
            try store.write { batch in
                batch.put(.data, key: [1], value: [1])
                batch.put(.data, key: [1], value: [2])
            }
            try require(try store.pairs() == [Pair(key: [1], value: [2])], "it is another")
        },
        StoreCase("a key that a batch puts and removes is not there") { trial in
            let store = try trial.open()
            try store.write { batch in
                batch.put(.data, key: [2], value: [1])
                batch.remove(.data, key: [2])
            }
            try require(try store.pairs().isEmpty, "it is")
        },
        StoreCase("a key that a batch removes and puts is there") { trial in
            let store = try withNine(trial)
            try store.write { batch in
                batch.remove(.data, key: [3])
                batch.put(.data, key: [3], value: [33])
            }
            try require(try store.value(.data, key: [3]) == [33], "it has another value, or none")
        },
        StoreCase("clearing in a batch removes what the batch put before, not what it puts after") { trial in
            let store = try withNine(trial)
            try store.write { batch in
                batch.put(.data, key: [40], value: [])
                batch.clear(.data)
                batch.put(.data, key: [50], value: [])
            }
            let keys = try store.keys()
            try require(keys == [[50]], "there is \(keys)")
        },
        StoreCase("clearing twice in a batch leaves what follows the last") { trial in
            let store = try withNine(trial)
            try store.write { batch in
                batch.clear(.data)
                batch.put(.data, key: [1], value: [])
                batch.clear(.data)
                batch.put(.data, key: [2], value: [])
            }
            let keys = try store.keys()
            try require(keys == [[2]], "there is \(keys)")
        },
        StoreCase("a batch that is applied twice leaves the same") { trial in
            let store = try withNine(trial)
            var batch = WriteBatch()
            batch.clear(.data)
            batch.put(.data, key: [1], value: [2])
            batch.put(.commits, key: [1], value: [3])
            batch.remove(.commits, key: [2])
            try store.apply(batch)
            try store.apply(batch)
            try require(try store.pairs() == [Pair(key: [1], value: [2])], "data has other pairs")
            try require(try store.pairs(.commits) == [Pair(key: [1], value: [3])], "commits has other pairs")
        },
        StoreCase("a batch may be large") { trial in
            let store = try trial.open()
            let keys = (0..<4_000).map { [UInt8($0 >> 16), UInt8($0 >> 8 & 255), UInt8($0 & 255)] }
            try store.write { batch in for key in keys { batch.put(.data, key: key, value: key + key) } }
            try require(try store.keys() == keys, "keys are missing")
            try store.write { batch in for key in keys.dropFirst() { batch.remove(.data, key: key) } }
            try require(try store.keys() == [keys[0]], "keys are left")
        },
    ]
}
