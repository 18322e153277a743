/// Finds the rows of a table by a value, and walks them in the order of values.
///
/// In most fields nearly all rows have the same value: a flag, a default, the stage that a fleet has come to. The rows that
/// have this prevailing value are not listed. They are the rows of the table without the few that have another one, which
/// costs nothing to keep, to load and to copy, and walks through the objects themselves instead of looking up each by key.
struct SecondaryIndex: Sendable {
    /// Values and their rows, the prevailing value not among them.
    var listed = OrderedMap<Postings>()
    /// The value whose rows are not listed, nil if every row is.
    private(set) var prevailing: ByteString?
    /// The rows that do not have the prevailing value; empty while there is none.
    private var exceptions = OrderedSet()
    /// How many rows are listed, each as often as it has values.
    private var listedCount = 0
    private let mayOmit: Bool

    /// An index of no rows.
    ///
    /// - Parameter mayOmit: whether rows have at most one value each, and may share it: only then a value can prevail.
    init(mayOmit: Bool) { self.mayOmit = mayOmit }

    /// An index of many rows at once.
    ///
    /// - Parameters:
    ///   - listed: the rows of all values but the prevailing one.
    ///   - prevailing: the value that all other rows have.
    ///   - exceptions: the rows that do not have it.
    init(
        listed: OrderedMap<Postings>, count: Int, prevailing: ByteString? = nil, exceptions: OrderedSet = OrderedSet(),
        mayOmit: Bool
    ) {
        self.listed = listed
        listedCount = count
        self.prevailing = prevailing
        self.exceptions = exceptions
        self.mayOmit = mayOmit
    }

    /// A value is chosen to prevail when a table has this many rows, and whenever a table is filled at once.
    static let choosingCount = 32

    /// Whether a value that `count` of `total` rows have should prevail.
    static func prevails(_ count: Int, of total: Int) -> Bool { count * 2 > total }
}

// MARK: Changes

extension SecondaryIndex {
    /// Lists a row under the values `after` instead of `before`; each holds a value once.
    ///
    /// - Parameters:
    ///   - before: nil for a row that is new to the table.
    ///   - after: nil for a row that leaves it.
    mutating func move(_ key: ByteString, from before: [ByteString]?, to after: [ByteString]?) {
        if before == after { return }
        let wasListed = before.map(isListed) ?? false
        let isListed = after.map(isListed) ?? false
        if wasListed, let before {
            for value in before where !isListed || after?.contains(value) != true { unlist(key, under: value) }
        }
        if isListed, let after {
            for value in after where !wasListed || before?.contains(value) != true { list(key, under: value) }
        }
        guard prevailing != nil, wasListed != isListed else { return }
        if isListed { exceptions.insert(key) } else { exceptions.remove(key) }
    }

    /// Lets a value prevail, if one does among the rows, which are all of the table.
    mutating func choosePrevailing(of rows: ObjectMap) {
        guard mayOmit, prevailing == nil else { return }
        for (value, postings) in listed where Self.prevails(postings.count, of: rows.count) {
            listed.removeValue(forKey: value)
            listedCount -= postings.count
            prevailing = value
            exceptions = OrderedSet(sorted: rows.lazy.map(\.key).filter { !postings.contains($0) })
            return
        }
    }

    /// Whether a row with these values is listed.
    private func isListed(_ values: [ByteString]) -> Bool {
        guard let prevailing else { return true }
        return values.count != 1 || values[0] != prevailing
    }

    private mutating func list(_ key: ByteString, under value: ByteString) {
        if listed.modify(value, default: Postings(), { $0.insert(key) }) { listedCount += 1 }
    }

    private mutating func unlist(_ key: ByteString, under value: ByteString) {
        listedCount -= 1
        if listed.modify(value, default: Postings(), { $0.remove(key) }) { listed.removeValue(forKey: value) }
    }
}

// MARK: Reading

extension SecondaryIndex {
    /// The rows that have `value`; nil if none has.
    ///
    /// - Parameter objects: all rows of the table.
    func rows(_ value: ByteString, of objects: ObjectMap) -> IndexedRows? {
        if value == prevailing { return unlisted(of: objects) }
        return listed[value].map { .listed($0) }
    }

    /// Visits the values and their rows in the order of values until `body` answers false.
    func forEachValue(
        descending: Bool = false, of objects: ObjectMap,
        _ body: (_ value: ByteString, _ rows: IndexedRows) -> Bool
    ) {
        var pending = prevailing.flatMap { value in unlisted(of: objects).map { (value, $0) } }
        var goesOn = true
        listed.forEach(descending: descending) { value, postings in
            if let (prevailing, rows) = pending, descending ? value < prevailing : prevailing < value {
                pending = nil
                goesOn = body(prevailing, rows)
            }
            goesOn = goesOn && body(value, .listed(postings))
            return goesOn
        }
        if goesOn, let (value, rows) = pending { _ = body(value, rows) }
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
            listed.forEach(fromRank: start, descending: descending) { _, postings in
                if let key = postings.first { objects.appendValue(of: key, to: &page) }
                return page.count < limit
            }
            return page
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

    /// The rows with the prevailing value; nil if there are none.
    private func unlisted(of objects: ObjectMap) -> IndexedRows? {
        guard prevailing != nil, exceptions.count < objects.count else { return nil }
        return .unlisted(Complement(of: exceptions, in: objects))
    }
}

// MARK: Checking

extension SecondaryIndex {
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
        switch rows(value, of: objects) {
        case .listed(let postings): postings.contains(key)
        case .unlisted: objects[key] != nil && !exceptions.contains(key)
        case nil: false
        }
    }

    /// What is wrong with the index in itself.
    func violations(of objects: ObjectMap) -> [String] {
        var violations = [listed.tree.root.violation(), exceptions.tree.root.violation()].compactMap { $0 }
        var (count, last) = (0, ByteString?.none)
        listed.forEach { value, postings in
            count += postings.count
            if postings.isEmpty { violations.append("an empty list under \(value)") }
            if let last, value <= last { violations.append("\(value) is out of order") }
            last = value
            return true
        }
        if count != listedCount { violations.append("\(count) rows are listed, and \(listedCount) counted") }
        for key in exceptions where objects[key] == nil { violations.append("\(key) is no row, yet an exception") }
        if prevailing == nil, !exceptions.isEmpty { violations.append("there are exceptions to no value") }
        return violations
    }
}
