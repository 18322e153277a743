import JSON
import Store

/// The numbers that the server gives to new objects of types with a sequence (``KeyRule/sequence(_:)``).
///
/// Each table has the largest number that any object of its type ever had. It only grows: not the end of an object sets it back,
/// nor undoing what made it, nor a restart, nor a commit that fails. It is written in the batch of the commit that raises it, so
/// that no store has an object without it. What is drafted and comes to nothing may leave a gap.
extension Draft {
    /// Gives a new object its number, if its type has a sequence.
    ///
    /// - Parameter isByServer: whether it may bring a number of its own, as what is taken over from elsewhere does; the
    ///   sequence goes on after it. A number from a client is refused: it could have been another object's, or use up all
    ///   others.
    mutating func giveNumber(
        _ object: inout JSONObject, _ type: ObjectType, isByServer: Bool
    ) throws(TrackerError) {
        guard type.key.isSequence, let position = view.catalog.position(type.typeName) else { return }
        let field = type.key.field
        if let given = object[field]?.intValue, given != 0 {
            if isByServer { return }
            let message = "\(field) is given by the server, not \(given): leave it out"
            throw TrackerError(.invalid, type.typeName, key: String(given), message)
        }
        view.watch?.write(type.typeName)
        let number = view.tables[position].largestNumber + 1
        guard number <= KeyForm.largestInteger else {
            throw TrackerError(.invalid, type.typeName, "No number is left for a new object")
        }
        use(number, at: position)
        object[field] = JSONValue(Int(number))
    }

    /// Notes the number of an object that is put into a table.
    mutating func noteNumber(of change: ObjectChange, at position: Int) {
        guard view.catalog.types[position].key.isSequence, let number = change.after?.key.number else { return }
        use(number, at: position)
    }

    private mutating func use(_ number: Int64, at position: Int) {
        guard number > view.tables[position].largestNumber else { return }
        view.tables[position].largestNumber = number
        raisedNumbers[view.catalog.types[position].typeName] = number
    }
}

extension Snapshot {
    /// The tables of types with a sequence, and their largest numbers.
    private var numbers: [(position: Int, typeName: TypeName, largest: Int64)] {
        catalog.sequences.map { ($0, catalog.types[$0].typeName, tables[$0].largestNumber) }
    }

    /// Takes over the numbers of the sequences that `store` has.
    mutating func readNumbers(from store: any KeyValueStore) throws(StoreError) {
        for (position, typeName, _) in numbers {
            let stored = try StoredNumbers(of: typeName, in: store)
            tables[position].largestNumber = max(stored.sequence, stored.largestKey)
        }
    }

    /// Has sequences go on where they have come to in `other`, whatever has become of what it holds.
    mutating func keepNumbers(of other: Snapshot) {
        for (position, _, largest) in other.numbers where largest > tables[position].largestNumber {
            tables[position].largestNumber = largest
        }
    }

    /// What records all numbers: for a type that had no sequence before, or whose record is lost.
    var numberRecording: WriteBatch {
        var batch = WriteBatch()
        for (_, typeName, largest) in numbers where largest > 0 { batch.put(largest, of: typeName) }
        return batch
    }
}

extension WriteBatch {
    /// Records the largest number of a type's sequence.
    mutating func put(_ number: Int64, of typeName: TypeName) {
        put(.metadata, key: StoreLayout.sequenceKey(typeName), value: StoreLayout.bytes(UInt64(clamping: number)))
    }
}

/// What a store tells of a type's sequence.
struct StoredNumbers {
    /// The recorded number; zero if there is none.
    let sequence: Int64
    /// The largest key of an object that is there or was once, as far as history goes back; zero if there is none.
    let largestKey: Int64

    init(of typeName: TypeName, in store: any KeyValueStore) throws(StoreError) {
        let recorded = try store.value(.metadata, key: StoreLayout.sequenceKey(typeName)) ?? []
        sequence = Int64(clamping: StoreLayout.number(recorded))
        let present = try Self.largest(.data, typeName, in: store, suffix: 0)
        largestKey = max(present, try Self.largest(.versions, typeName, in: store, suffix: 9))
    }

    /// - Parameter suffix: how many bytes follow a key.
    private static func largest(
        _ keyspace: Keyspace, _ typeName: TypeName, in store: any KeyValueStore, suffix: Int
    ) throws(StoreError) -> Int64 {
        let start = StoreLayout.objectKey(ObjectID(typeName, .empty))
        var largest: Int64 = 0
        // No other key begins with bytes from 80 to BF.
        try store.scan(keyspace, from: start + [0x80], upTo: start + [0xc0], descending: true) { key, _ in
            let key = ByteString(Array(key.dropFirst(start.count).dropLast(suffix)))
            guard let number = key.number else { return true }
            largest = number
            return false
        }
        return largest
    }
}

extension StoreCheck {
    /// Where a sequence is behind the keys of objects that are there or were: it would give their numbers again.
    func sequenceDifferences() throws(StoreError) -> [String] {
        var differences: [String] = []
        for position in state.catalog.sequences {
            let table = state.tables[position]
            let typeName = table.type.typeName
            let stored = try StoredNumbers(of: typeName, in: store)
            if stored.sequence < stored.largestKey {
                differences.append(
                    "the sequence of \(typeName) is at \(stored.sequence) in the store, which has the key \(stored.largestKey)"
                )
            }
            if table.largestNumber < max(stored.sequence, stored.largestKey) {
                differences.append(
                    "the sequence of \(typeName) is at \(table.largestNumber) in memory, and further in the store")
            }
        }
        return differences
    }
}
