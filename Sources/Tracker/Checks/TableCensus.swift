import JSON

/// Counts what the objects of a table say, to compare it with what the table's indexes hold.
///
/// Every value of every object must be listed; if then as many are listed as there are values, nothing else is.
struct TableCensus: Sendable {
    private var values: [Int]
    private var packObjects = 0

    init(_ table: Table) { values = Array(repeating: 0, count: table.type.keptIndexes.count) }

    /// Looks at up to `limit` objects from `rank` on.
    ///
    /// - Returns: what is wrong with them.
    mutating func count(_ table: Table, from rank: Int = 0, limit: Int = .max) -> [String] {
        var differences: [String] = []
        var rest = limit
        table.objects.forEach(fromRank: rank) { key, object in
            differences += problems(of: object, key, table.type).map { "\(table.type.prefix)/\(key) \($0)" }
            packObjects += object.isFromPack ? 1 : 0
            for (position, values) in table.type.indexPlan.values(in: object.document).enumerated() {
                self.values[position] += values.count
                for value in values where !table.indexes[position].lists(key, under: value, of: table.objects) {
                    let index = table.type.keptIndexes[position].name
                    differences.append("\(table.type.prefix)/\(key) is not in index \(index) under \(value)")
                }
            }
            rest -= 1
            return rest > 0
        }
        return differences
    }

    private func problems(of object: StoredObject, _ key: ByteString, _ type: ObjectType) -> [String] {
        guard let value = try? JSONValue(parsing: object.document.bytes) else { return ["is no JSON"] }
        var problems: [String] = []
        if value.canonicalBytes() != object.document.bytes { problems.append("is not in canonical form") }
        if ByteString(type.key.key(of: value.objectValue ?? [:])) != key || object.key != key {
            problems.append("holds an object of another key")
        }
        return problems
    }

    /// What the table as a whole has wrong, once all of its objects are counted.
    func differences(_ table: Table) -> [String] {
        let prefix = table.type.prefix
        var differences = [table.objects.tree.root.violation()].compactMap { $0 }.map { "\(prefix): \($0)" }
        if packObjects != table.packObjectCount {
            differences.append("\(prefix) counts \(table.packObjectCount) pack objects and has \(packObjects)")
        }
        for (position, declaration) in table.type.keptIndexes.enumerated() {
            let index = table.indexes[position]
            var problems = index.violations(of: table.objects)
            if index.rowCount(of: table.objects) != values[position] {
                problems += Self.strays(index, declaration, table)
            }
            differences += problems.map { "index \(declaration.name) of \(prefix): \($0)" }
        }
        return differences
    }

    /// What an index lists that no object has.
    private static func strays(
        _ index: SecondaryIndex, _ declaration: IndexDeclaration, _ table: Table
    ) -> [String] {
        var strays: [String] = []
        index.forEachValue(of: table.objects) { value, rows in
            for key in rows.keys(of: table.objects) {
                let values = table[key].map { IndexReader.values(declaration, in: $0.document) } ?? []
                if !values.contains(value) { strays.append("\(key) is listed under \(value), which it does not have") }
            }
            return true
        }
        return strays
    }
}

extension Table {
    /// Differences between the objects and the indexes over them.
    func differences() -> [String] {
        var census = TableCensus(self)
        return census.count(self) + census.differences(self)
    }
}

extension Snapshot {
    /// Differences between a table and the layers below the writable one.
    func layerDifferences(_ table: Table) -> [String] {
        var differences: [String] = []
        let prefix = table.type.prefix
        for (key, object) in table.objects where object.isFromPack {
            let top = stack.topmost(ObjectID(prefix, key))
            if top?.layer.id != object.layer {
                differences.append(
                    "\(prefix)/\(key) is shown from another layer than the topmost, \(top?.layer.name ?? "none")")
            } else if let top, !Self.isShown(top.document, by: object) {
                differences.append("\(prefix)/\(key) is not what layer \(top.layer.name) says")
            }
        }
        for layer in stack.layers {
            for key in (layer.objects[prefix] ?? [:]).keys where table[key] == nil {
                differences.append("\(prefix)/\(key) of layer \(layer.name) is not shown")
            }
        }
        return differences
    }

    /// Whether an object is a pack's, but for what the server adds to it.
    private static func isShown(_ document: JSONDocument, by object: StoredObject) -> Bool {
        var (said, shown) = (document.value().objectValue ?? [:], object.object)
        for name in ["Bundle", "Validated", "Available", "Errors", "ReadOnly"] {
            said[name] = nil
            shown[name] = nil
        }
        return said == shown
    }
}
