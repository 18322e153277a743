import JSON

/// Adds up what the objects of a table say, to compare it with what the table's indexes hold.
///
/// Both are walked once and in order. Only where the sums differ is looked up which row of which value it is.
struct IndexVerifier: Sendable {
    let numbers = PairHasher()
    /// Of each kept index: the values of all objects, with their keys.
    private var values: [PairChecksum]
    /// Of each interval index: the resources of all objects, with the intervals and keys.
    private var intervals: [PairChecksum]
    /// The sum of the keys' numbers.
    private var keys: UInt64 = 0
    private var packObjects = 0

    init(_ table: Table) {
        values = Array(repeating: PairChecksum(), count: table.type.keptIndexes.count)
        intervals = Array(repeating: PairChecksum(), count: table.type.intervals.count)
    }

    /// Looks at up to `limit` objects from `rank` on.
    ///
    /// - Returns: what is wrong with them.
    mutating func count(_ table: Table, from rank: Int = 0, limit: Int = .max) -> [String] {
        var differences: [String] = []
        var found: [UInt64] = []
        let tree = table.objects.tree
        tree.walk(tree.ranks(fromRank: rank, descending: false).prefix(limit), descending: false) { row in
            ByteString.withUnretained(ObjectEntry.key(of: row)) { key in
                for problem in Self.problems(of: row.pointee.value, key, table.type) {
                    differences.append("\(table.type.typeName)/\(key) \(problem)")
                }
                let number = numbers.right(key)
                keys &+= number
                add(row.pointee.value.document, number, table.type.indexPlan, &found)
            }
            for position in intervals.indices {
                table.type.intervals[position].add(row.pointee.value, to: &intervals[position], numbers)
            }
            packObjects += row.pointee.value.isFromPack ? 1 : 0
            return true
        }
        return differences
    }

    /// - Parameter found: room for the numbers of values, which is used again for each object.
    private mutating func add(_ document: JSONDocument, _ key: UInt64, _ plan: IndexPlan, _ found: inout [UInt64]) {
        plan.withFields(of: document) { fields in
            plan.forEachIndex { position, step in
                found.removeAll(keepingCapacity: true)
                IndexReader.forEachValue(plan.declarations[position], ofField: fields[step]) {
                    found.append(numbers.left($0))
                }
                if found.count > 1 { found.sort() }
                for index in found.indices where index == 0 || found[index] != found[index - 1] {
                    values[position].add(found[index], with: 1, key)
                }
            }
        }
    }

    private static func problems(of object: StoredObject, _ key: ByteString, _ type: ObjectType) -> [String] {
        let isCanonical = object.document.withUnsafeBytes { JSONDocument.isCanonical($0) }
        if isCanonical, object.key == key, holdsKey(object, key, type.key) { return [] }
        guard let value = try? JSONValue(parsing: object.document.bytes) else { return ["is no JSON"] }
        var problems: [String] = []
        if !isCanonical { problems.append("is not in canonical form") }
        if object.key != key || type.key.bytes(type.key.key(of: value.objectValue ?? [:])) != key {
            problems.append("holds an object of another key")
        }
        return problems
    }

    /// Whether a field is, as it is written, the key; if not, it may still be in another spelling.
    private static func holdsKey(_ object: StoredObject, _ key: ByteString, _ rule: KeyRule) -> Bool {
        if rule.isDerived { return false }
        return object.document.withUnsafeBytes { text in
            guard let value = JSONScan.member(rule.field, of: text) else { return false }
            if let text = JSONScan.plainString(value) { return key.holds(text) }
            let written = rule.bytes(rule.key(of: [rule.field: JSONSlice(canonical: Array(value)[...]).value()]))
            return written.compare(key) == 0
        }
    }
}

extension IndexVerifier {
    /// What the table as a whole has wrong, its indexes aside, once all of its objects are counted.
    func tableDifferences(_ table: Table) -> [String] {
        let typeName = table.type.typeName
        var differences = [table.objects.tree.root.violation()].compactMap { $0 }.map { "\(typeName): \($0)" }
        if packObjects != table.packObjectCount {
            differences.append("\(typeName) counts \(table.packObjectCount) pack objects and has \(packObjects)")
        }
        return differences
    }

    /// What the kept index at `position` has wrong, once all objects are counted.
    func indexDifferences(_ table: Table, at position: Int) -> [String] {
        let (index, declaration) = (table.indexes[position], table.type.keptIndexes[position])
        let name = "index \(declaration.name) of \(table.type.typeName)"
        let problems = index.violations(of: table.objects).map { "\(name): \($0)" }
        guard index.pairs(numbers, of: table.objects, keys) != values[position] else { return problems }
        let missing = Self.missing(index, declaration, table)
        let strays = Self.strays(index, declaration, table).map { "\(name): \($0)" }
        guard problems.isEmpty, missing.isEmpty, strays.isEmpty else { return problems + missing + strays }
        return [
            "\(name): \(index.rowCount(of: table.objects)) rows are found, and objects have \(values[position].count)"
        ]
    }

    /// What objects have that an index does not list.
    private static func missing(
        _ index: SecondaryIndex, _ declaration: IndexDeclaration, _ table: Table
    ) -> [String] {
        var missing: [String] = []
        table.objects.forEach { key, object in
            for value in IndexReader.values(declaration, in: object.document)
            where !index.lists(key, under: value, of: table.objects) {
                missing.append("\(table.type.typeName)/\(key) is not in index \(declaration.name) under \(value)")
            }
            return true
        }
        return missing
    }

    /// What the interval index at `position` has wrong, once all objects are counted.
    func intervalDifferences(_ table: Table, at position: Int) -> [String] {
        table.intervalDifferences(at: position, expecting: intervals[position], numbers)
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
        var census = IndexVerifier(self)
        let problems = census.count(self)
        let counted = census
        return problems + counted.tableDifferences(self)
            + indexes.indices.flatMap { counted.indexDifferences(self, at: $0) }
            + intervals.indices.flatMap { counted.intervalDifferences(self, at: $0) }
    }
}
