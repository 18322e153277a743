import JSON

extension IntervalDeclaration {
    /// Adds what an object must be listed under to a sum.
    func add(_ object: StoredObject, to sum: inout PairChecksum, _ numbers: PairHasher) {
        guard let interval = read(object.document).interval else { return }
        let number = numbers.right(interval.entry(of: object.key).checked)
        for resource in interval.resources { sum.add(resource.withUnsafeBytes { numbers.left($0) }, with: 1, number) }
    }
}

extension Table {
    /// What an interval index has wrong.
    ///
    /// - Parameter expected: the sum of what all objects must be listed under.
    func intervalDifferences(
        at position: Int, expecting expected: PairChecksum, _ numbers: PairHasher
    ) -> [String] {
        let (index, declaration) = (intervals[position], type.intervals[position])
        let name = "intervals \(declaration.name) of \(type.typeName)"
        let problems = index.violations().map { "\(name): \($0)" }
        guard problems.isEmpty, index.pairs(numbers) == expected else {
            return problems + missing(index, declaration) + strays(index, declaration, name)
        }
        return []
    }

    private func missing(_ index: IntervalIndex, _ declaration: IntervalDeclaration) -> [String] {
        var missing: [String] = []
        objects.forEach { key, object in
            guard let interval = declaration.read(object.document).interval else { return true }
            let entry = interval.entry(of: key)
            for resource in interval.resources {
                let isListed = index[resource].withEntry(for: entry.key) { $0?.pointee.end == entry.end }
                if !isListed {
                    missing.append(
                        "\(type.typeName)/\(key) is not among the intervals \(declaration.name) of \(resource)")
                }
            }
            return true
        }
        return missing
    }

    private func strays(
        _ index: IntervalIndex, _ declaration: IntervalDeclaration, _ name: String
    ) -> [String] {
        var strays: [String] = []
        for (resource, tree) in index.resources {
            for entry in tree {
                let interval = self[entry.object].flatMap { declaration.read($0.document).interval }
                let isRight = interval.map { $0.resources.contains(resource) && $0.entry(of: entry.object) == entry }
                if isRight != true {
                    strays.append("\(name): \(entry.object) is listed for \(resource), and should not be")
                }
            }
        }
        return strays
    }
}

extension IntervalIndex {
    /// The sum of all resources with the intervals that are found under them.
    func pairs(_ numbers: PairHasher) -> PairChecksum {
        var pairs = PairChecksum()
        for (resource, tree) in resources {
            var sum: UInt64 = 0
            for entry in tree { sum &+= numbers.right(entry.checked) }
            pairs.add(resource.withUnsafeBytes { numbers.left($0) }, with: tree.count, sum)
        }
        return pairs
    }

    /// What is wrong with the index in itself.
    func violations() -> [String] {
        var (violations, count) = ([resources.tree.root.violation()].compactMap { $0 }, 0)
        for (resource, tree) in resources {
            count += tree.count
            if tree.count == 0 { violations.append("an empty tree under \(resource)") }
            if let violation = tree.root.violation() { violations.append("under \(resource): \(violation)") }
        }
        if count != self.count { violations.append("\(count) intervals are listed, and \(self.count) counted") }
        return violations
    }
}

extension ObjectInterval {
    /// How the interval of an object is listed.
    fileprivate func entry(of key: ByteString) -> IntervalEntry { IntervalEntry(start: start, end: end, object: key) }
}

extension IntervalEntry {
    /// All that it says, in one string.
    fileprivate var checked: ByteString {
        withUnsafeBytes(of: end) { ByteString(key.bytes + Array($0)) }
    }
}
