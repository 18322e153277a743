import JSON
public import Store

/// Compares what is kept in more than one form: objects and indexes, tables and layers, memory and store. A difference is a
/// defect of ours, and is named; no differences give an empty list.
extension Snapshot {
    /// Differences between the tables, their indexes and the layers.
    public func differences() -> [String] {
        tables.flatMap { $0.differences() + layerDifferences($0) }
    }

    private func layerDifferences(_ table: Table) -> [String] {
        var differences: [String] = []
        let prefix = table.type.prefix
        for (key, object) in table.objects where object.isFromPack {
            let top = stack.topmost(ObjectID(prefix, key))
            if top?.layer.id != object.layer {
                differences.append(
                    "\(prefix)/\(key) is shown from another layer than the topmost, \(top?.layer.name ?? "none")")
            }
        }
        for layer in stack.layers {
            for key in (layer.objects[prefix] ?? [:]).keys where table[key] == nil {
                differences.append("\(prefix)/\(key) of layer \(layer.name) is not shown")
            }
        }
        return differences
    }
}

extension Table {
    /// Differences between the objects and the indexes over them.
    func differences() -> [String] {
        var differences: [String] = []
        var expected = type.keptIndexes.map { _ in [ByteString: Set<ByteString>]() }
        var packObjects = 0
        for (key, object) in objects {
            packObjects += object.isFromPack ? 1 : 0
            if type.key.key(of: object.object) != key.string || object.key != key {
                differences.append("\(type.prefix)/\(key) holds an object of another key")
            }
            for (position, values) in type.indexPlan.values(in: object.document).enumerated() {
                for value in values { expected[position][value, default: []].insert(key) }
            }
        }
        if packObjects != packObjectCount {
            differences.append("\(type.prefix) counts \(packObjectCount) pack objects and has \(packObjects)")
        }
        for (position, declaration) in type.keptIndexes.enumerated() {
            differences += Self.differences(indexes[position], expected[position])
                .map { "index \(declaration.name) of \(type.prefix): \($0)" }
        }
        return differences
    }

    private static func differences(
        _ index: OrderedMap<Postings>, _ expected: [ByteString: Set<ByteString>]
    ) -> [String] {
        var differences: [String] = []
        for (value, postings) in index {
            var keys: [ByteString] = []
            postings.forEach { key in
                keys.append(key)
                return true
            }
            if Set(keys) != expected[value] ?? [] || keys != keys.sorted() || keys.isEmpty {
                differences.append("the rows under \(value) are not those that have the value")
            }
        }
        for value in expected.keys where index[value] == nil { differences.append("nothing is listed under \(value)") }
        return differences
    }
}

extension DataTracker {
    /// Differences between memory, indexes, layers and store, all at one moment when nothing is being written.
    ///
    /// - Throws: `StoreError` when the store cannot be read.
    public func differences() throws(StoreError) -> [String] {
        let state = snapshot
        return try state.differences() + storeDifferences(state)
    }

    private func storeDifferences(_ state: Snapshot) throws(StoreError) -> [String] {
        var differences: [String] = []
        var counts: [Prefix: Int] = [:]
        try store.scan(.data) { key, value in
            guard let id = StoreLayout.id(ofKey: key) else {
                differences.append("the store has a key of no known form")
                return true
            }
            if id.prefix == StoreLayout.packSection {
                if state.stack[id.key.string] == nil {
                    differences.append("the store has a pack \(id.key) that is not used")
                }
            } else if state.catalog[id.prefix] != nil {
                counts[id.prefix, default: 0] += 1
                let isSame = state[id].map { !$0.isFromPack && StoreLayout.value(of: $0) == Array(value) } ?? false
                if !isSame {
                    differences.append("\(id) in the store is not the object in memory")
                }
            }
            return true
        }
        for type in catalog.types {
            guard let table = state[type.prefix] else { continue }
            let written = table.count - table.packObjectCount
            if written != counts[type.prefix, default: 0] {
                differences.append(
                    "\(type.prefix): \(written) in memory, \(counts[type.prefix, default: 0]) in the store")
            }
        }
        return differences
    }
}
