import Store

extension KeyValueStoreContract {
    private static func closed(_ trial: StoreTrial) throws -> any KeyValueStore {
        let store = try trial.open()
        try store.write { $0.put(.data, key: [1], value: [1]) }
        try store.close()
        return store
    }

    /// The end of a store.
    static let closing: [StoreCase] = [
        StoreCase("a closed store has no values") { trial in
            let store = try closed(trial)
            try requireError(.closed) { () throws(StoreError) in _ = try store.value(.data, key: [1]) }
        },
        StoreCase("a closed store cannot be scanned") { trial in
            let store = try closed(trial)
            try requireError(.closed) { () throws(StoreError) in _ = try store.pairs() }
        },
        StoreCase("a closed store takes no batch") { trial in
            let store = try closed(trial)
            try requireError(.closed) { () throws(StoreError) in try store.write { $0.put(.data, key: [1], value: [1]) }
            }
        },
        StoreCase("a store may be closed twice") { trial in try closed(trial).close() },
        StoreCase("a store that works reports no failures") { trial in
            let store = try trial.open()
            try store.write { $0.put(.data, key: [1], value: [1]) }
            try require(store.condition.failures.isEmpty, "it reports \(store.condition.failures)")
        },
    ]

    /// What outlives the opening.
    static let durability: [StoreCase] = [
        StoreCase("all keyspaces are there after reopening", needs: [.durable]) { trial in
            let store = try trial.open()
            try store.write { batch in
                for keyspace in Keyspace.allCases {
                    batch.put(keyspace, key: [0, 255], value: Array(keyspace.rawValue.utf8))
                }
            }
            let again = try trial.reopen(store)
            for keyspace in Keyspace.allCases {
                let value = try again.value(keyspace, key: [0, 255])
                try require(value == Array(keyspace.rawValue.utf8), "\(keyspace) has another value, or none")
            }
        },
        StoreCase("removed keys and cleared keyspaces do not come back", needs: [.durable]) { trial in
            let store = try trial.open()
            try store.write { batch in
                for key in 1...9 as ClosedRange<UInt8> { batch.put(.data, key: [key], value: [key]) }
                batch.put(.versions, key: [1], value: [1])
            }
            try store.write { batch in
                batch.remove(.data, key: [4])
                batch.clear(.versions)
            }
            let again = try trial.reopen(store)
            try require(try again.keys() == [1, 2, 3, 5, 6, 7, 8, 9].map { [$0] }, "data has other keys")
            try require(try again.pairs(.versions).isEmpty, "versions is not empty")
        },
        StoreCase("large values and empty ones are there after reopening", needs: [.durable]) { trial in
            let store = try trial.open()
            let large = [UInt8](repeating: 0xA5, count: 300_000)
            try store.write { batch in
                batch.put(.data, key: [1], value: large)
                batch.put(.data, key: [2], value: [])
            }
            let again = try trial.reopen(store)
            try require(try again.pairs().map(\.value) == [large, []], "they are not")
        },
        StoreCase("what many batches wrote is there after reopening", needs: [.durable]) { trial in
            let store = try trial.open()
            for key in 0...200 as ClosedRange<UInt8> { try store.write { $0.put(.commits, key: [key], value: [key]) } }
            let again = try trial.reopen(store)
            try require(try again.keys(.commits) == (0...200).map { [$0] }, "something is missing")
        },
        StoreCase("a reopened store takes batches", needs: [.durable]) { trial in
            let store = try trial.open()
            try store.write { $0.put(.data, key: [1], value: [1]) }
            var again = try trial.reopen(store)
            try again.write { $0.put(.data, key: [2], value: [2]) }
            again = try trial.reopen(again)
            try require(try again.keys() == [[1], [2]], "other keys are there")
        },
        StoreCase("a store that holds nothing can be reopened", needs: [.durable]) { trial in
            let again = try trial.reopen(try trial.open())
            for keyspace in Keyspace.allCases {
                try require(try again.pairs(keyspace).isEmpty, "\(keyspace) is not empty")
            }
        },
        StoreCase("what was closed without a reader or writer since is the same again and again", needs: [.durable]) {
            trial in
            var store = try trial.open()
            try store.write { $0.put(.data, key: [1], value: [1]) }
            for _ in 1...4 { store = try trial.reopen(store) }
            try require(try store.pairs() == [Pair(key: [1], value: [1])], "other pairs are there")
        },
    ]
}
