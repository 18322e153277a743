/// Finds the rows of a table by a value, and walks them in the order of values.
///
/// In most fields nearly all rows have the same value: a flag, a default, the state that all have come to. Of lists and maps
/// they share several: the group that most belong to, the names of values that all have. The rows of such a dominant
/// value are not listed. They are the rows of the table without the few that do not have it, which costs nothing to keep, to
/// load and to copy, and walks through the objects themselves instead of looking up each by key.
struct SecondaryIndex: Sendable {
    /// A value that most rows have.
    struct Prevailing: Sendable {
        let value: ByteString
        /// The rows that do not have it.
        var exceptions: OrderedSet
    }

    /// Values and their rows, the dominant values not among them.
    var listed = OrderedMap<Postings>()
    /// The values whose rows are not listed, ascending.
    private(set) var dominant: [Prevailing] = []
    /// How many rows are listed, each as often as it has listed values.
    private(set) var listedCount = 0
    private let mayOmit: Bool

    /// An index of no rows.
    ///
    /// - Parameter mayOmit: whether rows may share a value: only then one can prevail.
    init(mayOmit: Bool) { self.mayOmit = mayOmit }

    /// An index of many rows at once.
    ///
    /// - Parameters:
    ///   - listed: the rows of all values but the dominant ones.
    ///   - dominant: the values that most rows have, ascending.
    init(listed: OrderedMap<Postings>, count: Int, dominant: [Prevailing] = [], mayOmit: Bool) {
        self.listed = listed
        listedCount = count
        self.dominant = dominant
        self.mayOmit = mayOmit
    }

    /// Values are chosen to prevail when a table has this many rows, and whenever a table is filled at once.
    static let choosingCount = 32

    /// Whether a value that `count` of `total` rows have should prevail.
    static func prevails(_ count: Int, of total: Int) -> Bool { count * 2 > total }
}

// MARK: Changes

extension SecondaryIndex {
    /// Lists a row under the values `after` instead of `before`; each holds a value once, in ascending order.
    ///
    /// - Parameters:
    ///   - before: nil for a row that is new to the table.
    ///   - after: nil for a row that leaves it.
    mutating func move(_ key: ByteString, from before: [ByteString]?, to after: [ByteString]?) {
        if before == after { return }
        for value in before ?? [] where !(after?.has(value) ?? false) && prevalence(of: value) == nil {
            unlist(key, under: value)
        }
        for value in after ?? [] where !(before?.has(value) ?? false) && prevalence(of: value) == nil {
            list(key, under: value)
        }
        for position in dominant.indices {
            let value = dominant[position].value
            let wasException = before.map { !$0.has(value) } ?? false
            let isException = after.map { !$0.has(value) } ?? false
            if isException, !wasException { dominant[position].exceptions.insert(key) }
            if wasException, !isException { dominant[position].exceptions.remove(key) }
        }
    }

    /// Lets the values prevail that do among the rows, which are all of the table.
    mutating func choosePrevailing(of rows: ObjectMap) {
        guard mayOmit, dominant.isEmpty else { return }
        for (value, postings) in listed where Self.prevails(postings.count, of: rows.count) {
            listed.removeValue(forKey: value)
            listedCount -= postings.count
            let exceptions = rows.lazy.map(\.key).filter { !postings.contains($0) }
            dominant.append(Prevailing(value: value, exceptions: OrderedSet(sorted: exceptions)))
        }
    }

    /// Whether nothing changes when a row comes or goes whose values are those in `field`: it has what prevails, and no more.
    ///
    /// - Parameter field: as of `IndexReader.forEachValue`.
    func impliesValues(of declaration: IndexDeclaration, in field: UnsafeRawBufferPointer) -> Bool {
        guard dominant.count <= 1 else { return false }
        let usual = dominant.first?.value
        var (hasUsual, hasOther) = (false, false)
        IndexReader.forEachValue(declaration, ofField: field) { value in
            if usual?.holds(value) == true { hasUsual = true } else { hasOther = true }
        }
        return !hasOther && hasUsual == (usual != nil)
    }

    /// Where `value` is among those that prevail; nil if it does not.
    private func prevalence(of value: ByteString) -> Int? { dominant.firstIndex { $0.value == value } }

    private mutating func list(_ key: ByteString, under value: ByteString) {
        if listed.modify(value, default: Postings(), { $0.insert(key) }) { listedCount += 1 }
    }

    private mutating func unlist(_ key: ByteString, under value: ByteString) {
        listedCount -= 1
        if listed.modify(value, default: Postings(), { $0.remove(key) }) { listed.removeValue(forKey: value) }
    }
}

extension [ByteString] {
    /// Whether a value is among these, which are in ascending order.
    fileprivate func has(_ value: ByteString) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            let order = self[middle].compare(value)
            if order == 0 { return true }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return false
    }
}

// MARK: Reading

extension SecondaryIndex {
    /// The rows that have `value`; nil if none has.
    ///
    /// - Parameter objects: all rows of the table.
    func rows(_ value: ByteString, of objects: ObjectMap) -> IndexedRows? {
        if let position = prevalence(of: value) { return unlisted(dominant[position], of: objects) }
        return listed[value].map { .listed($0) }
    }

    /// Visits the values and their rows in the order of values until `body` answers false.
    func forEachValue(
        descending: Bool = false, of objects: ObjectMap,
        _ body: (_ value: ByteString, _ rows: IndexedRows) -> Bool
    ) {
        // The next one to visit comes last.
        var pending = descending ? dominant : dominant.reversed()
        var goesOn = true
        func visitPrevailing(where isNext: (ByteString) -> Bool) {
            while goesOn, let next = pending.last, isNext(next.value) {
                pending.removeLast()
                if let rows = unlisted(next, of: objects) { goesOn = body(next.value, rows) }
            }
        }
        listed.forEach(descending: descending) { value, postings in
            visitPrevailing { descending ? value < $0 : $0 < value }
            goesOn = goesOn && body(value, .listed(postings))
            return goesOn
        }
        visitPrevailing { _ in true }
    }

    /// Visits the rows in the order of their values, and of their keys under one value, until `body` answers false.
    func forEachRow(descending: Bool, of objects: ObjectMap, _ body: (StoredObject) -> Bool) {
        forEachValue(descending: descending, of: objects) { _, rows in
            var goesOn = true
            rows.forEachRow(skipping: 0, descending: descending, of: objects) { row in
                goesOn = body(row)
                return goesOn
            }
            return goesOn
        }
    }

    /// Up to `limit` rows in that order, after the first `count`.
    ///
    /// Skipping costs O(log n) where every row has a value of its own, otherwise O(values).
    func page(
        skipping count: Int, descending: Bool, limit: Int, of objects: ObjectMap
    ) -> [StoredObject] {
        var page: [StoredObject] = []
        guard limit > 0 else { return page }
        if listedCount == listed.count, listedCount == objects.count {
            let start = descending ? listed.count - 1 - count : count
            var keys: [ByteString] = []
            listed.forEach(fromRank: start, descending: descending) { _, postings in
                if let key = postings.first { keys.append(key) }
                return keys.count < limit
            }
            return objects.values(of: keys)
        }
        var left = count
        forEachValue(descending: descending, of: objects) { _, rows in
            let skipped = min(left, rows.count)
            left -= skipped
            if skipped < rows.count {
                page += rows.page(skipping: skipped, descending: descending, limit: limit - page.count, of: objects)
            }
            return page.count < limit
        }
        return page
    }

    /// The rows with a dominant value; nil if there are none.
    private func unlisted(_ dominant: Prevailing, of objects: ObjectMap) -> IndexedRows? {
        guard dominant.exceptions.count < objects.count else { return nil }
        return .unlisted(Complement(of: dominant.exceptions, in: objects))
    }
}
