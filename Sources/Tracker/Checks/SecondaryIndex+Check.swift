extension SecondaryIndex {
    /// The sum of all values with the keys of the rows that are found under them.
    ///
    /// - Parameters:
    ///   - objects: all rows of the table.
    ///   - keys: the sum of the numbers of their keys.
    func pairs(_ numbers: PairHasher, of objects: ObjectMap, _ keys: UInt64) -> PairChecksum {
        var pairs = PairChecksum()
        listed.tree.walk(0..<listed.count, descending: false) { entry in
            let rows = entry.pointee.value
            let value = entry.pointee.key.withUnsafeBytes { numbers.left($0) }
            pairs.add(value, with: rows.count, Self.sum(rows, numbers))
            return true
        }
        for (value, exceptions) in dominant.map({ ($0.value, $0.exceptions) }) {
            let number = value.withUnsafeBytes { numbers.left($0) }
            pairs.add(number, with: objects.count - exceptions.count, keys &- Self.sum(exceptions, numbers))
        }
        return pairs
    }

    private static func sum(_ rows: Postings, _ numbers: PairHasher) -> UInt64 {
        switch rows.rows {
        case .one(let key): numbers.right(key)
        case .many(let keys): sum(keys, numbers)
        }
    }

    private static func sum(_ keys: OrderedSet, _ numbers: PairHasher) -> UInt64 {
        var sum: UInt64 = 0
        keys.forEach { key in
            sum &+= numbers.right(key)
            return true
        }
        return sum
    }

    /// How many rows are found, each as often as it has values.
    func rowCount(of objects: ObjectMap) -> Int {
        var count = 0
        forEachValue(of: objects) { _, rows in
            count += rows.count
            return true
        }
        return count
    }

    /// Whether the row of `key` is found under `value`.
    func lists(_ key: ByteString, under value: ByteString, of objects: ObjectMap) -> Bool {
        if let dominant = dominant.first(where: { $0.value == value }) {
            return objects[key] != nil && !dominant.exceptions.contains(key)
        }
        return listed[value]?.contains(key) ?? false
    }
}

extension SecondaryIndex {
    /// What is wrong with the index in itself.
    func violations(of objects: ObjectMap) -> [String] {
        var violations = [listed.tree.root.violation()].compactMap { $0 } + listViolations()
        for (value, exceptions) in dominant.map({ ($0.value, $0.exceptions) }) {
            if let violation = exceptions.tree.root.violation() { violations.append(violation) }
            if listed[value] != nil { violations.append("\(value) prevails, yet is listed") }
            for key in exceptions where objects[key] == nil { violations.append("\(key) is no row, yet an exception") }
        }
        if zip(dominant, dominant.dropFirst()).contains(where: { $0.value >= $1.value }) {
            violations.append("prevailing values are out of order")
        }
        return violations
    }

    /// What is wrong with the lists of rows.
    private func listViolations() -> [String] {
        var (violations, count) = ([String](), 0)
        listed.forEach { value, postings in
            count += postings.count
            if postings.isEmpty { violations.append("an empty list under \(value)") }
            if case .many(let keys) = postings.rows, let violation = keys.tree.root.violation() {
                violations.append("under \(value): \(violation)")
            }
            return true
        }
        if count != listedCount { violations.append("\(count) rows are listed, and \(listedCount) counted") }
        return violations
    }
}
