import Glibc
import Store

extension KeyValueStoreContract {
    /// How a store is opened, and by whom.
    static let opening: [StoreCase] = [
        StoreCase("two stores of one kind have nothing in common") { trial in
            let (one, other) = (try trial.open(), try trial.open())
            try one.write { $0.put(.data, key: [1], value: [1]) }
            try require(try other.pairs().isEmpty, "what one was given is in the other")
        },
        StoreCase("a second opener is refused with the holder's name", needs: [.files]) { trial in
            let store = try trial.open("shared")
            try store.write { $0.put(.data, key: [1], value: [1]) }
            let error = try requireError(.locked) { () throws(StoreError) in _ = try trial.open("shared") }
            try require(error.message.contains("\(getpid())"), "it says: \(error)")
            try store.write { $0.put(.data, key: [2], value: [2]) }
            try require(try store.keys() == [[1], [2]], "the first one has suffered")
        },
        StoreCase("a second opener is refused though it would only read", needs: [.files, .locators]) { trial in
            let store = try trial.open("shared")
            try requireError(.locked) { () throws(StoreError) in _ = try trial.open("shared", "ro=true") }
            try require(try store.pairs().isEmpty, "the first one has suffered")
        },
        StoreCase("a store can be opened again once it is closed", needs: [.files]) { trial in
            try trial.open("shared").close()
            try require(try trial.open("shared").pairs().isEmpty, "it has something")
        },
        StoreCase("an unknown codec is refused in the words of the contract", needs: [.locators]) { trial in
            let error = try requireError(.badLocator) { () throws(StoreError) in _ = try trial.open("a", "codec=xml") }
            try require(error.message == "Unknown codec xml", "it says: \(error)")
        },
        StoreCase("an unknown value of ro is refused in the words of the contract", needs: [.locators]) { trial in
            let error = try requireError(.badLocator) { () throws(StoreError) in _ = try trial.open("a", "ro=maybe") }
            try require(error.message == "Unknown ro value maybe. Try true or false", "it says: \(error)")
        },
        StoreCase("an unknown option is refused with those that there are", needs: [.locators]) { trial in
            let error = try requireError(.badLocator) { () throws(StoreError) in _ = try trial.open("a", "cdec=yaml") }
            for word in ["cdec", "codec", "ro"] { try require(error.message.contains(word), "it says: \(error)") }
        },
        StoreCase("the codecs of the contract are accepted", needs: [.locators]) { trial in
            for codec in ["yaml", "json", "default"] {
                let store = try trial.open(trial.newName(), "codec=\(codec)")
                try store.write { $0.put(.data, key: [1], value: [1]) }
                try require(try store.value(.data, key: [1]) == [1], "with \(codec) it does not work")
            }
        },
        StoreCase("the locator of a store opens the same store", needs: [.durable, .locators]) { trial in
            let store = try trial.open("again")
            try store.write { $0.put(.data, key: [1], value: [1]) }
            let locator = try StoreLocator(store.locator.description)
            try require(locator == store.locator, "\(locator) is another")
            try require(try trial.reopen(store).keys() == [[1]], "it has something else")
        },
    ]

    /// A closed store with a pair.
    private static func filled(_ trial: StoreTrial) throws -> String {
        let name = trial.newName()
        let store = try trial.open(name)
        try store.write { $0.put(.data, key: [1], value: [1]) }
        try store.close()
        return name
    }

    /// Stores that are opened for reading.
    static let readOnly: [StoreCase] = [
        StoreCase("a store opened for reading takes no batch", needs: [.locators, .durable]) { trial in
            let store = try trial.open(try filled(trial), "ro=true")
            try requireError(.readOnly) { () throws(StoreError) in
                try store.write { $0.put(.data, key: [2], value: [2]) }
            }
            try require(try store.keys() == [[1]], "it has taken it")
        },
        StoreCase("a store opened for reading has what was written", needs: [.locators, .durable]) { trial in
            let store = try trial.open(try filled(trial), "ro=true")
            try require(try store.pairs() == [Pair(key: [1], value: [1])], "it has something else")
        },
        StoreCase("a store opened for reading refuses an empty batch too", needs: [.locators]) { trial in
            let name = trial.newName()
            try trial.open(name).close()
            let store = try trial.open(name, "ro=true")
            try requireError(.readOnly) { () throws(StoreError) in try store.apply(WriteBatch()) }
        },
        StoreCase(
            "a store that is not there cannot be opened for reading, and is not made", needs: [.files, .locators]
        ) { trial in
            try requireError(.notFound) { () throws(StoreError) in _ = try trial.open("missing", "ro=true") }
            var information = stat()
            try require(stat(trial.path("missing"), &information) != 0, "something is there now")
        },
        StoreCase("a store that was opened for reading can be written afterwards", needs: [.locators, .durable]) {
            trial in
            let name = try filled(trial)
            try trial.open(name, "ro=true").close()
            let store = try trial.open(name)
            try store.write { $0.put(.data, key: [2], value: [2]) }
            try require(try store.keys() == [[1], [2]], "it has something else")
        },
    ]
}
